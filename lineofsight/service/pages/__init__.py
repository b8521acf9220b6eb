"""Pages: a folder per thing a person looks at. They read through access and write through flow."""
