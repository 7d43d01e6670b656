package dev.keg.render;

import java.util.Locale;

/** The kinds of documents, by the program that reads them. */
public enum DocumentKind {
  OCI,
  COMPOSE,
  QEMU,
  FIRECRACKER,
  CLOUD_INIT,
  FSTAB,
  SYSTEMD,
  HCS;

  /** Its name in commands. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it lists the mounts that a system makes at boot. */
  public boolean hasLines() {
    return this == CLOUD_INIT || this == FSTAB || this == SYSTEMD;
  }
}
