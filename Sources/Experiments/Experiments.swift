// The room Experiments: see Documentation/Architecture.md.
