"""The page on which a service makes the signed file that crosses to its public record."""
