package dev.keg.cli.output;

import dev.keg.volume.Size;

/** Who uses a volume and how much it holds, for those who ask. */
public record VolumeUsage(int holders, Size size) {}
