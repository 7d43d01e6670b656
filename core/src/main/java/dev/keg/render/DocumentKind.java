package dev.keg.render;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

  /** Whether it describes what containers have, and never machines. */
  public boolean forContainers() {
    return this == OCI || this == COMPOSE;
  }

  /** Whether it lists what a system mounts at its start. */
  public boolean hasLines() {
    return this == CLOUD_INIT || this == FSTAB || this == SYSTEMD;
  }

  public static Optional<DocumentKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
