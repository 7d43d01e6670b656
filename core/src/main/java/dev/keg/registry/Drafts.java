package dev.keg.registry;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.file.WorkListener;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Places;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Names for unfinished and removed files. Each begins with the lock stripe under which it was
 * created, so the next holder of that lock knows that its creator is gone.
 */
final class Drafts {
  private static final String REMOVED = ".keg-removed.";

  private final RegistryLayout layout;
  private final RegistryLock lock;
  private final RandomGenerator random;
  private final Consumer<String> debug;

  Drafts(RegistryLayout layout, RegistryLock lock, RandomGenerator random, Consumer<String> debug) {
    this.layout = layout;
    this.lock = lock;
    this.random = random;
    this.debug = debug;
  }

  /** A path for something that becomes part of this volume; the caller holds its lock. */
  Path draft(VolumeName name) {
    return draft(name, layout.places().of(name));
  }

  /** A path for something that becomes part of this volume, which will be in that place. */
  Path draft(VolumeName name, Place place) {
    return place.staging().resolve(unique(RegistryLock.stripe(name)));
  }

  /** A path for something that belongs to no volume; the caller holds the stripe's lock. */
  Path draft(int stripe) {
    return layout.staging().resolve(unique(stripe));
  }

  /** A path for something removed from this volume; the caller holds its lock. */
  Path grave(VolumeName name) {
    return grave(name, layout.places().of(name));
  }

  /** A path for something removed from this volume's home in that place. */
  Path grave(VolumeName name, Place place) {
    return place.trash().resolve(unique(RegistryLock.stripe(name)));
  }

  /**
   * A name beside data outside the root that is removed together with this volume. It is on the
   * data's own file system, so one rename moves the data there.
   */
  Path graveBeside(Path data) {
    return data.resolveSibling(REMOVED + "%016x".formatted(random.nextLong()));
  }

  private String unique(int stripe) {
    return "%02x.%016x".formatted(stripe, random.nextLong());
  }

  /** The homes of volumes that are being created or that a killed command left unfinished. */
  List<VolumeHome> homes() {
    return layout.places().present().stream()
        .map(Place::staging)
        .flatMap(
            directory ->
                FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory))
                    .stream())
        .filter(VolumeNames::isDirectory)
        .map(VolumeHome::new)
        .toList();
  }

  /**
   * Deletes the leftovers of killed commands. Those of running commands are kept, and any that
   * cannot be deleted now are left to the next command.
   *
   * @return whether drivers must first take some of them back
   */
  boolean sweep() {
    List<Path> noted = new ArrayList<>();
    for (Place place : layout.places().present()) {
      sweep(
          place.staging(),
          leftover -> {
            if (Unfinished.isNoted(layout, place, leftover)) {
              noted.add(leftover);
            } else {
              TreeDeletion.delete(leftover);
              debug.accept("swept " + leftover);
            }
          });
      sweep(
          place.trash(),
          leftover -> {
            delete(leftover, WorkListener.NONE);
            debug.accept("swept " + leftover);
          });
    }
    sweep(Unfinished.witnesses(layout), this::deleteIfUseless);
    return !noted.isEmpty();
  }

  /** Deletes the witness of a home that no longer exists, unless its pool is missing. */
  private void deleteIfUseless(Path witness) throws IOException {
    Places places = layout.places();
    String name = String.valueOf(witness.getFileName());
    boolean missing = places.pools().size() >= places.present().size();
    boolean wanted =
        places.present().stream().anyMatch(place -> Files.exists(place.staging().resolve(name)));
    if (!missing && !wanted) {
      Files.delete(witness);
    }
  }

  /** Takes back what killed commands noted, and then deletes it; failures are left for later. */
  void takeBack(Predicate<Unfinished> takeBack) {
    for (Place place : layout.places().present()) {
      sweep(
          place.staging(),
          leftover -> {
            if (Unfinished.isNoted(layout, place, leftover)
                && takeBack.test(Unfinished.read(new VolumeHome(leftover)))) {
              TreeDeletion.delete(leftover);
              debug.accept("took back " + leftover);
            }
          });
    }
  }

  private interface Deletion {
    void of(Path leftover) throws IOException;
  }

  private void sweep(Path directory, Deletion deletion) {
    try {
      DirectoryEntries.of(directory).forEach(leftover -> sweepOne(leftover, deletion));
    } catch (IOException e) {
      leave(directory, FileFailures.reason(e));
    }
  }

  /** Leaves what cannot be deleted now to the next command. */
  void leave(Path leftover, String why) {
    debug.accept("cannot sweep " + leftover + ": " + why);
  }

  private void sweepOne(Path leftover, Deletion deletion) {
    try {
      Optional<RegistryLock.Held> held = lock.tryLock(stripe(leftover));
      if (held.isEmpty()) {
        return;
      }
      try (var _ = held.get()) {
        deletion.of(leftover);
      }
    } catch (IOException e) {
      leave(leftover, FileFailures.reason(e));
    }
  }

  /** Deletes a grave, and before it the data outside the root that was removed with it. */
  static void delete(Path grave, WorkListener work) throws IOException {
    Path note = grave.resolve(RegistryLayout.REMOVED_DATA);
    if (Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(SmallFile.read(note), StandardCharsets.UTF_8);
      Path data = grave.getFileSystem().getPath(text);
      // A disk may come from elsewhere, and its files must not determine what is deleted here.
      if (String.valueOf(data.getFileName()).startsWith(REMOVED)) {
        TreeDeletion.delete(data, work);
      }
    }
    TreeDeletion.delete(grave, work);
  }

  // Nobody holds a lock for a file that Keg did not name, so any lock will do.
  private static int stripe(Path leftover) {
    String name = leftover.getFileName().toString();
    int stripe = name.matches("[0-9a-f]{2}\\..*") ? Integer.parseInt(name.substring(0, 2), 16) : 0;
    return stripe < RegistryLock.FILES ? stripe : 0;
  }
}
