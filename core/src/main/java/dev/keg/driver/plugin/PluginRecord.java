package dev.keg.driver.plugin;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The plugin's part of a volume's home. The file {@code plugin.json} names the plugin's volume; it
 * does not change when Keg's volume is renamed. Each holder that the plugin knows, or was about to
 * know, has an empty file in {@code plugin-holders}, so that a killed command leaves too many,
 * never too few.
 *
 * @param made whether the plugin's volume was created along with Keg's, and did not exist before
 */
public record PluginRecord(String plugin, String name, String scope, boolean made) {
  private static final long SCHEMA = 1;
  private static final String FILE = "plugin.json";
  private static final String DRAFT = "plugin.json.new";
  private static final String HOLDERS = "plugin-holders";

  /** The record in this home; empty if the volume was never created. */
  public static Optional<PluginRecord> read(VolumeHome home) throws IOException {
    Path file = home.file(FILE);
    byte[] content;
    try {
      content = SmallFile.read(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    JsonDocument json = JsonDocument.read(file, SCHEMA, content);
    PluginRecord read =
        new PluginRecord(
            json.text("plugin"), json.text("name"), json.text("scope"), json.truth("made"));
    json.end();
    return Optional.of(read);
  }

  public void write(VolumeHome home) throws IOException {
    byte[] content =
        JsonObject.ofSchema(SCHEMA)
            .put("plugin", plugin)
            .put("name", name)
            .put("scope", scope)
            .put("made", made)
            .bytes();
    AtomicFile.replace(home.file(FILE), home.file(DRAFT), content, DirectorySync.FSYNC);
  }

  /** Notes a holder, before the plugin learns of it. */
  public static void note(VolumeHome home, String holder) throws IOException {
    Files.createDirectories(home.file(HOLDERS));
    try {
      Files.createFile(home.file(HOLDERS).resolve(holder));
    } catch (FileAlreadyExistsException _) {
      return;
    }
  }

  /** Forgets a holder, after the plugin has released it. */
  public static void forget(VolumeHome home, String holder) throws IOException {
    Files.deleteIfExists(home.file(HOLDERS).resolve(holder));
  }

  public static List<String> holders(VolumeHome home) throws IOException {
    return DirectoryEntries.of(home.file(HOLDERS)).stream()
        .map(file -> String.valueOf(file.getFileName()))
        .toList();
  }
}
