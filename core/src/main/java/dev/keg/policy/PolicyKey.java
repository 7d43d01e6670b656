package dev.keg.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a policy can say about a volume. */
public enum PolicyKey {
  /** Repositories, separated by commas; none where it is empty. */
  TO("backup.to", true),
  /** How often: an age such as {@code 1d} or {@code 6h}. */
  EVERY("backup.every", true),
  /** Which backups stay, such as {@code daily=7,weekly=4}. */
  KEEP("backup.keep", true),
  /** How often the newest backup is read and verified. */
  VERIFY("backup.verify", true),
  /** How often the newest backup is restored to a scratch volume and compared. */
  DRILL("backup.drill", true),
  /**
   * Whether, or for how many seconds at most, the data is held still: {@code true}, {@code 30s}.
   */
  FREEZE("backup.freeze", true),
  /** Patterns of files to leave out, separated by commas. */
  EXCLUDE("backup.exclude", true),
  /** A command to run first. */
  PRE("backup.pre", false),
  /** A command to run after the volume was read. */
  POST("backup.post", false),
  /**
   * What stops the volume's writers while it is read: {@code docker}, {@code podman}, {@code
   * systemd}.
   */
  STOP_WITH("backup.stop-with", false),
  /** How often a snapshot is made. */
  SNAPSHOT_EVERY("snapshot.every", true),
  /** Which of these snapshots stay, such as {@code hourly=24,daily=7}. */
  SNAPSHOT_KEEP("snapshot.keep", true),
  /** In which pool the volume lies. */
  POOL("pool", true);

  private static final List<String> LABELS = List.of("keg.backup.", "keg.snapshot.");

  private final String text;
  private final boolean label;

  PolicyKey(String text, boolean label) {
    this.text = text;
    this.label = label;
  }

  /** Whether a volume's label may say it. */
  boolean fromLabel() {
    return label;
  }

  String label() {
    return "keg." + text;
  }

  /** Whether the label is a policy's, or is meant to be. */
  static boolean isLabel(String text) {
    return LABELS.stream().anyMatch(text::startsWith) || text.equals(POOL.label());
  }

  static Optional<PolicyKey> ofLabel(String text) {
    return Arrays.stream(values()).filter(key -> key.label().equals(text)).findFirst();
  }

  /** As it stands in the file. */
  @Override
  public String toString() {
    return text;
  }
}
