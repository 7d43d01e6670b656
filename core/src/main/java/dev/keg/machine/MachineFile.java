package dev.keg.machine;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The volumes that may have records of a machine's disks, in the order of attachment:
 *
 * <pre>{"schema":1,"volumes":["db","www"]}</pre>
 *
 * <p>A volume is added before its own record is written and removed after that is deleted, so the
 * list may have one too many but never one too few. Changing it requires the machine's lock.
 */
final class MachineFile {
  private static final long SCHEMA = 1;

  private final VolumeRegistry registry;
  private final MachineId machine;

  MachineFile(VolumeRegistry registry, MachineId machine) {
    this.registry = registry;
    this.machine = machine;
  }

  private Path path() {
    return registry.ownFile(RegistryLayout::machines).resolve(machine.text() + ".json");
  }

  SequencedSet<VolumeName> volumes() {
    Path file = path();
    return FileFailures.translate(
        "read machine " + machine,
        file,
        () -> {
          try {
            return read(file, SmallFile.read(file));
          } catch (NoSuchFileException _) {
            return new LinkedHashSet<>();
          }
        });
  }

  private static SequencedSet<VolumeName> read(Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      List<String> names = json.texts("volumes");
      json.end();
      SequencedSet<VolumeName> volumes = new LinkedHashSet<>();
      for (String name : names) {
        volumes.add(
            VolumeName.lookup(name)
                .orElseThrow(
                    () -> new InvalidDocument("'" + name + "' is not a valid volume name")));
      }
      return volumes;
    } catch (InvalidDocument e) {
      throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  void write(SequencedSet<VolumeName> volumes) {
    if (volumes.isEmpty()) {
      registry.files().forgetMachine(machine.text(), path());
      return;
    }
    byte[] content =
        JsonObject.ofSchema(SCHEMA)
            .texts("volumes", volumes.stream().map(VolumeName::text).toList())
            .bytes();
    registry.files().writeMachine(machine.text(), path(), content);
  }
}
