package dev.keg.linux.loop;

import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Key;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** LUKS2 with cryptsetup(8). A key is never an argument: it comes from a file or standard input. */
final class Luks {
  /** The size of a LUKS2 header, cryptsetup's default. */
  static final long HEADER = 16L << 20;

  // cryptsetup(8), return codes.
  private static final int NO_PERMISSION = 2;
  private static final int NO_SUCH_MAPPING = 4;

  private static final String OWN = "keg-new-";
  private static final Pattern OWN_NAME = Pattern.compile(OWN + "(\\d{1,10})(-\\d+)?");

  /** The temporary mappings that this process created. */
  private static final Set<String> MADE = ConcurrentHashMap.newKeySet();

  private static final Path MAPPER = Path.of("/dev/mapper");

  private final Tools tools;

  Luks(Tools tools) {
    this.tools = tools;
  }

  /** The path of the mapping's device. */
  static Path device(String mapping) {
    return MAPPER.resolve(mapping);
  }

  static boolean isMapping(Path device) {
    return device.startsWith(MAPPER);
  }

  void format(DriverOperation operation, Path image, Key key) {
    run(
        operation,
        "cannot encrypt it",
        key,
        List.of("luksFormat", "--type=luks2", "--batch-mode", "--offset=" + HEADER / 512),
        List.of(image.toString()));
  }

  // With the key outside the keyring, the mapping can later be resized without it.
  void open(DriverOperation operation, Path device, String mapping, Key key, boolean manyWrites) {
    List<String> options = new ArrayList<>(List.of("open", "--type=luks2", "--disable-keyring"));
    if (manyWrites) {
      options.addAll(List.of("--perf-no_read_workqueue", "--perf-no_write_workqueue"));
    }
    run(operation, "cannot decrypt it", key, options, List.of(device.toString(), mapping));
  }

  private void run(
      DriverOperation operation,
      String failure,
      Key key,
      List<String> options,
      List<String> operands) {
    List<String> arguments = new ArrayList<>(options);
    arguments.add("--key-file=" + key.file("-"));
    arguments.addAll(operands);
    try {
      var _ = tools.run(Tool.of("cryptsetup", arguments).withInput(key::writeTo));
    } catch (ToolException e) {
      if (e.exit() == NO_PERMISSION) {
        throw operation.failed(failure, "wrong key", key.remedy(), e);
      }
      if (e.output().contains("Cannot initialize device-mapper")) {
        throw operation.failed(
            failure, "this kernel has no device-mapper", "try modprobe dm_crypt", e);
      }
      throw operation.failed(failure, String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
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

  /** Removes the mapping; if it is in use right now, as soon as it is released. */
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

  /** A new name for a temporary mapping of this process. */
  static String ownMapping() {
    String process = OWN + ProcessHandle.current().pid() + "-";
    for (int i = 1; ; i++) {
      if (MADE.add(process + i)) {
        return process + i;
      }
    }
  }

  /** Closes mappings of killed processes. */
  void closeAbandoned() throws ToolException, IOException {
    if (!Files.isDirectory(MAPPER)) {
      return;
    }
    List<String> abandoned = new ArrayList<>();
    try (DirectoryStream<Path> mappings = Files.newDirectoryStream(MAPPER, OWN + "*")) {
      for (Path mapping : mappings) {
        String name = mapping.getFileName().toString();
        if (isAbandoned(name)) {
          abandoned.add(name);
        }
      }
    }
    for (String name : abandoned) {
      close(name);
    }
  }

  // A mapping with this process's id that this process did not create is from an earlier process.
  private static boolean isAbandoned(String mapping) {
    Matcher own = OWN_NAME.matcher(mapping);
    if (!own.matches() || MADE.contains(mapping)) {
      return false;
    }
    long pid = Long.parseLong(own.group(1));
    return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
  }

  /** Adapts the mapping to the new size of its device. */
  void resize(String mapping) throws ToolException {
    var _ = tools.run(Tool.of("cryptsetup", "resize", mapping));
  }
}
