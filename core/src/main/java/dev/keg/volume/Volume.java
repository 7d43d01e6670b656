package dev.keg.volume;

import java.time.Instant;

/** A volume as it was requested. Its holders and its data are not part of it. */
public record Volume(
    VolumeName name, String driver, Options options, Labels labels, Instant created) {
  public static final String DEFAULT_DRIVER = "local";

  public Volume {
    if (driver.isEmpty()) {
      throw new IllegalArgumentException("a volume has a driver");
    }
  }

  public boolean anonymous() {
    return labels.map().containsKey(Labels.ANONYMOUS);
  }

  public Volume withName(VolumeName newName) {
    return new Volume(newName, driver, options, labels, created);
  }

  public Volume withLabels(Labels newLabels) {
    return new Volume(name, driver, options, newLabels, created);
  }

  public Volume withOptions(Options newOptions) {
    return new Volume(name, driver, newOptions, labels, created);
  }
}
