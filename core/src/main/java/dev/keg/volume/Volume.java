package dev.keg.volume;

import java.time.Instant;
import java.util.List;

/** A volume as it was requested. Its holders and its data are not part of it. */
public record Volume(
    VolumeName name,
    String driver,
    Options options,
    Labels labels,
    Instant created,
    VolumeDetails details) {
  public static final String DEFAULT_DRIVER = "local";

  public Volume {
    if (driver.isEmpty()) {
      throw new IllegalArgumentException("a volume has a driver");
    }
  }

  /** A volume of which no more is known. */
  public Volume(VolumeName name, String driver, Options options, Labels labels, Instant created) {
    this(name, driver, options, labels, created, VolumeDetails.derived(name, created));
  }

  /** A plain directory, for a volume whose description is damaged or missing. */
  public static Volume plain(VolumeName name) {
    return new Volume(name, DEFAULT_DRIVER, Options.NONE, Labels.NONE, Instant.EPOCH);
  }

  public boolean anonymous() {
    return labels.map().containsKey(Labels.ANONYMOUS);
  }

  public Volume withName(VolumeName newName) {
    return new Volume(newName, driver, options, labels, created, details);
  }

  public Volume withLabels(Labels newLabels) {
    return new Volume(name, driver, options, newLabels, created, details);
  }

  public Volume withOptions(Options newOptions) {
    return new Volume(name, driver, newOptions, labels, created, details);
  }

  /** With the driver and the options of the other one. */
  public Volume drivenAs(Volume other) {
    return new Volume(name, other.driver, other.options, labels, created, details);
  }

  public Volume withDetails(VolumeDetails newDetails) {
    return new Volume(name, driver, options, labels, created, newDetails);
  }

  public Volume withDescription(String text) {
    return withDetails(details.withDescription(text));
  }

  /** With the description as a label, which every version restores from a backup. */
  public Volume toBackup() {
    // Only a disk's backup has that label, whatever the operator calls a volume's.
    Labels kept = labels.without(List.of(Labels.DISK));
    String text = details.description();
    return withLabels(text.isEmpty() ? kept : kept.with(Labels.DESCRIPTION, text));
  }

  /** The same for a backup that holds the volume's disk, not the files on it. */
  public Volume toDiskBackup() {
    Volume volume = toBackup();
    return volume.withLabels(volume.labels.with(Labels.DISK, "true"));
  }

  /** Whether the backup that describes this volume holds its disk. */
  public boolean holdsDisk() {
    return labels.map().containsKey(Labels.DISK);
  }

  /** What {@link #toBackup} or {@link #toDiskBackup} was called on. */
  public Volume fromBackup() {
    String text = labels.map().get(Labels.DESCRIPTION);
    Volume plain = withLabels(labels.without(List.of(Labels.DESCRIPTION, Labels.DISK)));
    return text == null ? plain : plain.withDescription(text);
  }

  public Volume withProtection(Protection protection) {
    return withDetails(details.withProtection(protection));
  }
}
