"""Tables for an authority's own tools: what an account may take, as files, put where its tools read them."""
