// The room MeanField: see Documentation/Architecture.md.
