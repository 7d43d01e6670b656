package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.volume.VolumeName;

/** A volume and the record of its attachment. */
public record HeldDisk(VolumeName volume, Attachment.Disk attachment) {}
