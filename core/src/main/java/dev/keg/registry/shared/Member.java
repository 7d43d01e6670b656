package dev.keg.registry.shared;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.RegistryLayout;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** This host as a member of a shared registry: its identity and files. */
record Member(
    String host,
    String hostName,
    RegistryLayout layout,
    DirectorySync sync,
    Consumer<String> notice,
    Consumer<String> debugging) {
  VolumeHome home(VolumeName name) {
    return layout.home(name);
  }

  Path pending() {
    return layout.pending();
  }

  /** The holders of the volume on this host, according to its files. */
  List<Holder> holders(VolumeName name) {
    Path directory = layout.attachments(layout.home(name));
    return FileFailures.translate("read holders of " + name, directory, () -> read(directory));
  }

  private List<Holder> read(Path directory) throws IOException {
    List<Holder> holders = new ArrayList<>();
    for (Path file : DirectoryEntries.of(directory)) {
      try {
        String document = new String(SmallFile.read(file), StandardCharsets.UTF_8).strip();
        // A mount's file is not synced, so a power failure may leave it empty.
        if (!document.isEmpty()) {
          holders.add(new Holder(host, hostName, file.getFileName().toString(), document));
        }
      } catch (NoSuchFileException _) {
        // A holder may leave meanwhile.
      }
    }
    return holders;
  }

  void warn(String message) {
    notice.accept(message);
  }

  void debug(String message) {
    debugging.accept(message);
  }
}
