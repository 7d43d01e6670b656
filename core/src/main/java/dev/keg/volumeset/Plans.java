package dev.keg.volumeset;

import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The plans of this root. Writing one requires its owner's lock. */
final class Plans {
  private static final String ENDING = ".json";

  private final VolumeRegistry registry;

  Plans(VolumeRegistry registry) {
    this.registry = registry;
  }

  Optional<MountPlan> find(PlanOwner owner) {
    return read(file(owner));
  }

  // A power failure may leave an empty file; the mounts of that plan are gone, too.
  private static Optional<MountPlan> read(Path file) {
    return FileFailures.translate(
        "read plan",
        file,
        () -> {
          try {
            byte[] content = SmallFile.read(file);
            return isTorn(content) ? Optional.empty() : Optional.of(PlanFile.read(file, content));
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
        });
  }

  private static boolean isTorn(byte[] content) {
    for (byte b : content) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Every plan, by name; the errors of unreadable plans are added to the problems. */
  List<MountPlan> all(Consumer<VolumeException> problems) {
    Path directory = directory();
    List<Path> files =
        FileFailures.translate("list plans", directory, () -> DirectoryEntries.of(directory));
    List<MountPlan> plans = new ArrayList<>();
    for (Path file : files.stream().filter(Plans::isPlan).sorted().toList()) {
      try {
        read(file).ifPresent(plans::add);
      } catch (VolumeException e) {
        problems.accept(e);
      }
    }
    return plans;
  }

  private static boolean isPlan(Path file) {
    return file.getFileName().toString().endsWith(ENDING);
  }

  /** Writes the plan; an empty plan is deleted. */
  void write(MountPlan plan) {
    Path file = file(plan.owner());
    if (plan.steps().isEmpty()) {
      FileFailures.run("forget plan", file, () -> delete(file));
    } else {
      registry.files().noteContainer(plan.owner().key(), file, PlanFile.write(plan));
    }
  }

  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private Path file(PlanOwner owner) {
    return directory().resolve(owner.key() + ENDING);
  }

  private Path directory() {
    return registry.ownFile(RegistryLayout::containers);
  }
}
