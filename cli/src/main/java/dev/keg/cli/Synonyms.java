package dev.keg.cli;

import java.util.Map;
import java.util.Optional;

/** Words of other programs for Keg's terms. */
final class Synonyms {
  private static final Map<String, String> COMMANDS =
      Map.ofEntries(
          Map.entry("add", "create"),
          Map.entry("new", "create"),
          Map.entry("make", "create"),
          Map.entry("delete", "rm"),
          Map.entry("del", "rm"),
          Map.entry("destroy", "rm"),
          Map.entry("erase", "rm"),
          Map.entry("show", "inspect"),
          Map.entry("describe", "inspect"),
          Map.entry("get", "inspect"),
          Map.entry("stats", "df"),
          Map.entry("du", "df"),
          Map.entry("usage", "df"),
          Map.entry("mv", "rename"),
          Map.entry("cp", "clone"),
          Map.entry("copy", "clone"),
          Map.entry("snap", "snapshot"),
          Map.entry("snapshots", "snapshot"),
          Map.entry("gc", "prune"),
          Map.entry("clean", "prune"),
          Map.entry("save", "backup"),
          Map.entry("dump", "export"),
          Map.entry("load", "import"),
          Map.entry("shrink", "compact"),
          Map.entry("grow", "resize"),
          Map.entry("label", "update"));

  private static final Map<String, String> FLAGS =
      Map.of(
          "--ro", "--read-only",
          "--readonly", "--read-only",
          "--yes", "--force",
          "--dest", "--to",
          "--repository", "--repo",
          "--out", "--output",
          "--delete", "--delete-data");

  private Synonyms() {}

  static Optional<String> command(String word) {
    return Optional.ofNullable(COMMANDS.get(word));
  }

  static Optional<String> flag(String word) {
    return Optional.ofNullable(FLAGS.get(word));
  }
}
