package dev.keg.backup.restore;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The volume that a backup describes, and the one that a restore makes of it. What a backup says is
 * no more than a proposal: unless its repository is trusted, options that name something outside of
 * the volume are left out, since whoever can write an archive would choose where root writes.
 */
public record Proposal(Volume described, Volume made) {
  public static Proposal of(Volume described, boolean accepted, Drivers drivers) {
    Volume volume = described.fromBackup();
    return new Proposal(volume, accepted ? volume : harmless(volume, drivers));
  }

  /** The same with more labels, or with others in the place of its own. */
  Proposal with(Labels added) {
    return new Proposal(described, made.withLabels(made.labels().with(added)));
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

  /** What was not taken from the backup, in words; empty if everything was. */
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
