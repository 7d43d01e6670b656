package dev.keg.render;

import java.util.Locale;

/** Who reads the document. */
public enum DocumentKind {
  OCI,
  COMPOSE,
  QEMU,
  FIRECRACKER,
  CLOUD_INIT,
  FSTAB,
  SYSTEMD,
  HCS;

  /** As users write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it lists what a system mounts at its start. */
  public boolean hasLines() {
    return this == CLOUD_INIT || this == FSTAB || this == SYSTEMD;
  }
}
