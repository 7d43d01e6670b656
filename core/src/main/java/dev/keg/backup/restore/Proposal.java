package dev.keg.backup.restore;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.local.LocalDriver;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The volume that a backup describes, and the one that a restore creates from it. The description
 * is only a proposal: unless its repository is trusted, options that refer to anything outside the
 * volume are omitted, since otherwise the author of an archive could choose where root writes.
 *
 * @param foreign options of a trusted backup that this system lacks: those about access to a
 *     directory, which do not affect the location of the data
 * @param known whether the described volume's identity is trusted
 */
public record Proposal(Volume described, Volume made, List<String> foreign, boolean known) {
  public Proposal {
    foreign = List.copyOf(foreign);
  }

  public static Proposal of(Volume described, boolean accepted, Drivers drivers) {
    Volume volume = described.fromBackup();
    if (!accepted) {
      return new Proposal(volume, harmless(volume, drivers), List.of(), false);
    }
    List<String> foreign = foreign(volume, drivers);
    SortedMap<String, String> kept = new TreeMap<>(volume.options().map());
    kept.keySet().removeAll(foreign);
    Volume fitting = volume.withOptions(new Options(kept));
    return new Proposal(fitting, fitting, foreign, described.hasId());
  }

  private static List<String> foreign(Volume described, Drivers drivers) {
    String driver = described.driver();
    return described.options().map().keySet().stream()
        .filter(_ -> driver.equals(Volume.DEFAULT_DRIVER))
        .filter(key -> LocalDriver.ACCESS.contains(key) && !drivers.takes(driver, key))
        .toList();
  }

  /** The same with more labels, which replace those of the same name. */
  Proposal with(Labels added) {
    return new Proposal(described, made.withLabels(made.labels().with(added)), foreign, known);
  }

  /** Whether a volume of that name is the described one created again, rather than a copy. */
  boolean isAgain(VolumeName name) {
    return known && described.name().equals(name);
  }

  /**
   * The volume under that name.
   *
   * @param again whether it is the described one, which keeps its time of creation
   */
  public Volume volume(VolumeName name, boolean again, Instant now) {
    if (!again) {
      return new Volume(name, made.driver(), made.options(), made.labels(), now)
          .withDescription(made.details().description());
    }
    // Only whole seconds are shown. The rest tells commands that the volume they opened no longer
    // exists.
    Instant created =
        made.created().with(ChronoField.NANO_OF_SECOND, now.get(ChronoField.NANO_OF_SECOND));
    return new Volume(name, made.driver(), made.options(), made.labels(), created, made.details());
  }

  private static Volume harmless(Volume described, Drivers drivers) {
    Optional<DriverFactory> driver = drivers.factory(described.driver());
    SortedMap<String, String> kept = new TreeMap<>(described.options().map());
    kept.keySet().removeIf(key -> reach(driver, key) != Reach.VOLUME);
    boolean elsewhere =
        driver.map(DriverFactory::takesAnyOption).orElse(true)
            || described.options().map().keySet().stream()
                .anyMatch(key -> reach(driver, key).mayBePlace());
    return elsewhere && !described.driver().equals(Volume.DEFAULT_DRIVER)
        ? new Volume(
            described.name(),
            Volume.DEFAULT_DRIVER,
            Options.NONE,
            described.labels(),
            described.created(),
            described.details())
        : described.withOptions(new Options(kept));
  }

  private static Reach reach(Optional<DriverFactory> driver, String key) {
    return driver.map(factory -> factory.reach(key)).orElse(Reach.ANYTHING);
  }

  /** Reports what was not taken from the backup. */
  void tell(TreeListener listener) {
    difference().ifPresent(text -> listener.note(TreePath.ROOT, Note.OTHER_VOLUME, text));
    unknown().ifPresent(text -> listener.note(TreePath.ROOT, Note.LOST, text));
  }

  /** The options that this system lacks, in words; empty if it has all. */
  public Optional<String> unknown() {
    return foreign.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", foreign) + ": an option of another system");
  }

  /** What was not taken from the backup because it is not trusted, in words. */
  public Optional<String> difference() {
    return described.driver().equals(made.driver()) && described.options().equals(made.options())
        ? Optional.empty()
        : Optional.of(
            "made with %s, not with %s as the backup says"
                .formatted(words(made), words(described)));
  }

  /** A volume's driver and options: {@code driver bind (source=/srv/db)}. */
  public static String words(Volume volume) {
    String options =
        volume.options().map().entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining(", "));
    return "driver " + volume.driver() + (options.isEmpty() ? "" : " (" + options + ")");
  }
}
