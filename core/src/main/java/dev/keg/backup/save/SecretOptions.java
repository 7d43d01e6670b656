package dev.keg.backup.save;

import dev.keg.driver.Drivers;
import dev.keg.driver.OptionDescriptor;
import dev.keg.volume.Passwords;
import dev.keg.volume.Volume;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keeps secrets out of backups: who can read a backup need not be who may mount the volume. */
public final class SecretOptions {
  private SecretOptions() {}

  /** The volume with asterisks for the values of its secret options. */
  static Volume masked(Volume volume, Drivers drivers) {
    Set<String> secret =
        drivers.factory(volume.driver()).stream()
            .flatMap(factory -> factory.options().stream())
            .filter(OptionDescriptor::secret)
            .map(OptionDescriptor::key)
            .collect(Collectors.toSet());
    SortedMap<String, String> options = new TreeMap<>(volume.options());
    options.replaceAll(
        (key, value) -> secret.contains(key) ? Passwords.MASK : Passwords.masked(value));
    return volume.withOptions(options);
  }

  /** Whether it is not all there, so that no volume can be made of it. */
  public static boolean isMasked(Volume volume) {
    return volume.options().values().stream().anyMatch(value -> value.contains(Passwords.MASK));
  }
}
