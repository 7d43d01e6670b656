package dev.keg.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The settings of a policy. */
public enum PolicyKey {
  /** Repositories, separated by commas; none if it is empty. */
  TO("backup.to", true),
  /** How often to back up: an age such as {@code 1d} or {@code 6h}. */
  EVERY("backup.every", true),
  /** Which backups to keep, such as {@code daily=7,weekly=4}. */
  KEEP("backup.keep", true),
  /** How often to read and verify the newest backup. */
  VERIFY("backup.verify", true),
  /** How often to restore the newest backup to a scratch volume and compare it. */
  DRILL("backup.drill", true),
  /** Whether, or for how long at most, to freeze the data: {@code true}, {@code 30s}. */
  FREEZE("backup.freeze", true),
  /** Patterns of files to exclude, separated by commas. */
  EXCLUDE("backup.exclude", true),
  /** A command to run before the volume is read. */
  PRE("backup.pre", false),
  /** A command to run after the volume has been read. */
  POST("backup.post", false),
  /**
   * Stops the volume's writers while it is read: {@code docker}, {@code podman}, {@code systemd}.
   */
  STOP_WITH("backup.stop-with", false),
  /** How often to take a snapshot. */
  SNAPSHOT_EVERY("snapshot.every", true),
  /** Which of these snapshots to keep, such as {@code hourly=24,daily=7}. */
  SNAPSHOT_KEEP("snapshot.keep", true),
  /** The pool for the volume. */
  POOL("pool", true);

  private static final List<String> LABELS = List.of("keg.backup.", "keg.snapshot.");

  private final String text;
  private final boolean label;

  PolicyKey(String text, boolean label) {
    this.text = text;
    this.label = label;
  }

  /** Whether it is allowed in a volume's label. */
  boolean fromLabel() {
    return label;
  }

  String label() {
    return "keg." + text;
  }

  /** Whether the label looks like one for a policy. */
  static boolean isLabel(String text) {
    return LABELS.stream().anyMatch(text::startsWith) || text.equals(POOL.label());
  }

  static Optional<PolicyKey> ofLabel(String text) {
    return Arrays.stream(values()).filter(key -> key.label().equals(text)).findFirst();
  }

  /** Its name in the file. */
  @Override
  public String toString() {
    return text;
  }
}
