package dev.keg.driver;

import static dev.keg.driver.MountPower.PROPAGATION;
import static dev.keg.driver.MountPower.READ_ONLY;

import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The capabilities of drivers, derived from their interfaces, their options and the system. */
final class Capabilities {
  private Capabilities() {}

  static List<String> of(DriverFactory factory, VolumeDriver driver, Set<MountPower> here) {
    // A plain directory is copied without the driver's help.
    boolean copied = driver.alwaysVisible(plain(factory));
    List<String> words = new ArrayList<>();
    add(words, driver instanceof Adopts, "adopt");
    add(words, copied || driver instanceof Clones, "clone");
    add(words, driver instanceof Compacts, "compact");
    add(words, driver instanceof Discovers, "discovery");
    add(words, driver instanceof Disks, "disk-backup");
    add(words, has(factory, "encrypted"), "encryption");
    add(words, driver instanceof ClosesFiles, "forced-unmount");
    add(words, driver instanceof Freezes, "freeze");
    add(words, driver instanceof Renders, "machine-disk");
    add(words, has(factory, "o"), "mount-options");
    add(words, here.contains(PROPAGATION), PROPAGATION.text());
    // A machine can have any disk read-only.
    add(words, here.contains(READ_ONLY) || driver instanceof Renders, READ_ONLY.text());
    add(words, driver instanceof Resizes, "resize");
    add(words, has(factory, "context") || has(factory, "o"), "selinux-label");
    add(words, has(factory, "size"), "size-limit");
    add(words, copied || driver instanceof Snapshots, "snapshot");
    return words;
  }

  /** A volume without options. */
  private static Volume plain(DriverFactory factory) {
    return new Volume(
        new VolumeName("plain"), factory.name(), Options.NONE, Labels.NONE, Instant.EPOCH);
  }

  private static void add(List<String> words, boolean has, String word) {
    if (has) {
      words.add(word);
    }
  }

  private static boolean has(DriverFactory factory, String option) {
    return factory.options().stream().anyMatch(descriptor -> descriptor.key().equals(option));
  }
}
