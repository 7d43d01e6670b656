package dev.keg.linux.loop;

import dev.keg.linux.kernel.Tool;
import dev.keg.linux.kernel.ToolException;
import dev.keg.linux.kernel.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * LUKS2 by cryptsetup(8). A key never stands in an argument: it is in a file, or it goes through
 * standard input.
 */
final class Luks {
  /** What a LUKS2 header takes of a device, cryptsetup's default. */
  static final long HEADER = 16L << 20;

  private static final int NO_SUCH_MAPPING = 4;
  private static final String OWN = "keg-new-";
  private static final Path MAPPER = Path.of("/dev/mapper");

  private final Tools tools;

  Luks(Tools tools) {
    this.tools = tools;
  }

  /** Where the mapping's device is. */
  static Path device(String mapping) {
    return MAPPER.resolve(mapping);
  }

  void format(Path image, Key key) throws ToolException {
    run(
        key,
        "luksFormat",
        List.of("--type=luks2", "--batch-mode", "--offset=" + HEADER / 512),
        List.of(image.toString()));
  }

  // Without the keyring the mapping can be resized later without its key.
  void open(Path device, String mapping, Key key, boolean manyWrites) throws ToolException {
    List<String> options = new ArrayList<>(List.of("--type=luks2", "--disable-keyring"));
    if (manyWrites) {
      options.addAll(List.of("--perf-no_read_workqueue", "--perf-no_write_workqueue"));
    }
    run(key, "open", options, List.of(device.toString(), mapping));
  }

  private void run(Key key, String action, List<String> options, List<String> operands)
      throws ToolException {
    List<String> arguments = new ArrayList<>(List.of(action));
    arguments.addAll(options);
    arguments.add("--key-file=" + key.file());
    arguments.addAll(operands);
    var _ = tools.run(Tool.of("cryptsetup", arguments).withInput(key::writeTo));
  }

  boolean isOpen(String mapping) throws ToolException {
    try {
      var _ = tools.run(Tool.of("cryptsetup", "status", mapping));
      return true;
    } catch (ToolException e) {
      if (e.exit() == NO_SUCH_MAPPING) {
        return false;
      }
      throw e;
    }
  }

  /** Removes the mapping; one that is looked at by somebody at this moment, when it is let go. */
  void close(String mapping) throws ToolException {
    try {
      var _ = tools.run(Tool.of("cryptsetup", "close", mapping));
    } catch (ToolException e) {
      try {
        var _ = tools.run(Tool.of("cryptsetup", "close", "--deferred", mapping));
      } catch (ToolException deferred) {
        e.addSuppressed(deferred);
        throw e;
      }
    }
  }

  /** A mapping for as long as this process needs one. */
  static String ownMapping() {
    return OWN + ProcessHandle.current().pid();
  }

  /** Closes mappings of processes that were killed before they could. */
  void closeAbandoned() throws ToolException, IOException {
    if (!Files.isDirectory(MAPPER)) {
      return;
    }
    List<String> abandoned = new ArrayList<>();
    try (DirectoryStream<Path> mappings = Files.newDirectoryStream(MAPPER, OWN + "*")) {
      for (Path mapping : mappings) {
        String name = mapping.getFileName().toString();
        if (ProcessHandle.of(Long.parseLong(name.substring(OWN.length()))).isEmpty()) {
          abandoned.add(name);
        }
      }
    }
    for (String name : abandoned) {
      close(name);
    }
  }

  /** Makes the mapping as large as its device has become. */
  void resize(String mapping) throws ToolException {
    var _ = tools.run(Tool.of("cryptsetup", "resize", mapping));
  }
}
