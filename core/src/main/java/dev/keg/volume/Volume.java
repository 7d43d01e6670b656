package dev.keg.volume;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The description of a volume. Its holders and its data are not part of it. */
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

  /** A volume with default details. */
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

  /** With its details as labels, since every version can read those of a backup. */
  public Volume toBackup() {
    // Only a backup has these labels, whatever labels the operator gives to a volume.
    SortedMap<String, String> kept = new TreeMap<>(labels.without(Labels.OF_BACKUPS).map());
    kept.put(Labels.ID, details.id().text());
    kept.put(Labels.UPDATED, details.updated().toString());
    if (!details.description().isEmpty()) {
      kept.put(Labels.DESCRIPTION, details.description());
    }
    return withLabels(new Labels(kept));
  }

  /** The same for a backup that holds the volume's disk instead of its files. */
  public Volume toDiskBackup() {
    Volume volume = toBackup();
    return volume.withLabels(volume.labels.with(Labels.DISK, "true"));
  }

  /** Whether the backup that describes this volume holds its disk. */
  public boolean holdsDisk() {
    return labels.map().containsKey(Labels.DISK);
  }

  /** The backup's description without the volume's identity, for creating a similar one. */
  public Volume withoutId() {
    return withLabels(labels.without(List.of(Labels.ID)));
  }

  /** Whether a backup contains the volume's id; those of older versions do not. */
  public boolean hasId() {
    return detailsInBackup().isPresent();
  }

  /** Reverses {@link #toBackup} or {@link #toDiskBackup}, but without host and protection. */
  public Volume fromBackup() {
    String description = labels.map().getOrDefault(Labels.DESCRIPTION, "");
    return withLabels(labels.without(Labels.OF_BACKUPS).without(List.of(Labels.DESCRIPTION)))
        .withDetails(detailsInBackup().orElse(details))
        .withDescription(description);
  }

  private Optional<VolumeDetails> detailsInBackup() {
    SortedMap<String, String> kept = labels.map();
    try {
      return Optional.of(
          new VolumeDetails(
              VolumeId.parse(kept.getOrDefault(Labels.ID, "")),
              "",
              Instant.parse(kept.getOrDefault(Labels.UPDATED, "")),
              Host.UNKNOWN,
              Protection.none()));
    } catch (IllegalArgumentException | DateTimeException _) {
      return Optional.empty(); // none, or labels of the operator
    }
  }

  public Volume withProtection(Protection protection) {
    return withDetails(details.withProtection(protection));
  }
}
