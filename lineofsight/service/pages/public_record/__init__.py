"""The public record of an authority, open to anybody."""
