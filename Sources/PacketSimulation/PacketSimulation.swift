// The room PacketSimulation: see Documentation/Architecture.md.
