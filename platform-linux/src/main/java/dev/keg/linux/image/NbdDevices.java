package dev.keg.linux.image;

import dev.keg.linux.mount.KernelModules;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shows images of any format as block devices, each served by a qemu-nbd process while it is
 * connected. The device of an image is found by the path in the arguments of that process.
 */
final class NbdDevices {
  private static final int PATIENCE = 100;
  private static final int PAUSE_MS = 50;

  private final Tools tools;
  private final Host host;

  NbdDevices(Tools tools, Host host) {
    this.tools = tools;
    this.host = host;
  }

  /** Where the system lists its devices and processes. */
  record Host(Path blocks, Path processes, Path devices) {
    static final Host SYSTEM = new Host(Path.of("/sys/block"), Path.of("/proc"), Path.of("/dev"));
  }

  /** Connects the image to a device; returns the existing device if it is already connected. */
  Path connect(DiskFile file, boolean readOnly, QemuKey key) throws IOException, ToolException {
    Optional<Path> connected = of(file);
    if (connected.isPresent()) {
      return connected.get();
    }
    if (names().isEmpty()) {
      String _ = tools.run(Tool.of("modprobe", "nbd"));
    }
    for (String name : names()) {
      if (!taken(name) && serve(name, file, readOnly, key)) {
        return host.devices().resolve(name);
      }
    }
    throw new IOException("all nbd devices are taken");
  }

  /** Returns false if another process took the device meanwhile. */
  private boolean serve(String name, DiskFile file, boolean readOnly, QemuKey key)
      throws IOException, ToolException {
    List<String> line = new ArrayList<>(List.of("--connect=" + host.devices().resolve(name)));
    if (readOnly) {
      line.add("--read-only");
    }
    line.addAll(key.opening(file));
    try {
      String _ = key.run(tools, Tool.of("qemu-nbd", line));
    } catch (ToolException e) {
      if (taken(name) && !serves(name, file)) {
        return false;
      }
      throw e;
    }
    awaitSize(name);
    return true;
  }

  /** Disconnects the image; if it has no device, that is not an error. */
  void disconnect(DiskFile file) throws IOException, ToolException {
    Optional<Path> device = of(file);
    if (device.isPresent()) {
      String _ = tools.run(Tool.of("qemu-nbd", "--disconnect", device.get().toString()));
    }
  }

  /** The device of the image. */
  Optional<Path> of(DiskFile file) throws IOException {
    for (String name : names()) {
      if (serves(name, file)) {
        return Optional.of(host.devices().resolve(name));
      }
    }
    return Optional.empty();
  }

  /** Whether the kernel has nbd devices or can load their module. */
  boolean exist() throws IOException {
    return !names().isEmpty() || KernelModules.canLoad("nbd");
  }

  private List<String> names() throws IOException {
    if (!Files.isDirectory(host.blocks())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(host.blocks())) {
      return all.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> name.matches("nbd\\d+"))
          .sorted((a, b) -> Integer.compare(number(a), number(b)))
          .toList();
    }
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring("nbd".length()));
  }

  /** Whether the device is connected; then it has a file with the server's process id. */
  private boolean taken(String name) {
    return Files.exists(host.blocks().resolve(name).resolve("pid"));
  }

  private boolean serves(String name, DiskFile file) throws IOException {
    return arguments(name).stream()
        .anyMatch(word -> word.equals(file.path().toString()) || word.endsWith(file.fileOption()));
  }

  private List<String> arguments(String name) throws IOException {
    try {
      String pid = Files.readString(host.blocks().resolve(name).resolve("pid")).strip();
      Path line = host.processes().resolve(pid).resolve("cmdline");
      return List.of(new String(Files.readAllBytes(line), ProcMounts.NAMES).split("\0", -1));
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  // qemu-nbd goes to the background before the kernel knows the size.
  private void awaitSize(String name) throws IOException {
    Path size = host.blocks().resolve(name).resolve("size");
    for (int i = 0; i < PATIENCE; i++) {
      if (!Files.readString(size).strip().equals("0")) {
        return;
      }
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + name + " was connected");
      }
    }
    throw new IOException(name + " did not appear");
  }
}
