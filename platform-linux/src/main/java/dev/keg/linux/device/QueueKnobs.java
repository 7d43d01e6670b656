package dev.keg.linux.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.activity.Device;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Untunable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The I/O schedulers of devices and the kernel's read-ahead, in sysfs. */
final class QueueKnobs {
  private static final int KIB = 1024;

  private final LinuxDevices devices;
  private final Path sysfs;

  QueueKnobs(LinuxDevices devices, Path sysfs) {
    this.devices = devices;
    this.sysfs = sysfs;
  }

  /**
   * {@code queue/scheduler} lists the schedulers, with the one in use in brackets:
   *
   * <pre>none [mq-deadline] kyber bfq</pre>
   */
  Knob scheduler(ProcMounts table, Mount mount, Path real) throws Untunable, IOException {
    BlockDevice device = bottom(mount);
    Path file = device.queue("scheduler");
    List<String> choices = Arrays.asList(words(file).replaceAll("[\\[\\]]", "").split(" ", -1));
    return KernelKnob.of(
        Setting.SCHEDULER,
        device.name(),
        choices,
        sharers(table, mount, real),
        new InFile(file, QueueKnobs::chosen, value -> value));
  }

  private static String words(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  static String chosen(String list) {
    int open = list.indexOf('[');
    return open < 0 ? list : list.substring(open + 1, list.indexOf(']', open));
  }

  private BlockDevice bottom(Mount mount) throws Untunable {
    if (!(devices.of(mount).orElse(null) instanceof BlockDevice device)) {
      throw new Untunable(
          "no scheduler: %s is not a block device of this machine".formatted(described(mount)),
          mount.type().startsWith("nfs")
              ? "tune the disk of the server there"
              : "leave the scheduler out");
    }
    List<BlockDevice> bottom = device.bottom();
    if (bottom.size() > 1) {
      throw new Untunable(
          "no single scheduler: %s consists of %s"
              .formatted(
                  device.name(),
                  bottom.stream().map(Device::name).collect(Collectors.joining(", "))),
          "write it to /sys/block/NAME/queue/scheduler of each");
    }
    return bottom.getFirst();
  }

  private static String described(Mount mount) {
    return "%s (%s)".formatted(mount.source(), mount.type());
  }

  /** The read-ahead in KiB: that of the queue, or of a file system that has its own. */
  Knob readahead(ProcMounts table, Mount mount, Path real) throws Untunable, IOException {
    Optional<Device> device = devices.of(mount);
    Path file =
        own(mount)
            .or(
                () ->
                    device
                        .filter(BlockDevice.class::isInstance)
                        .map(found -> ((BlockDevice) found).queue("read_ahead_kb")))
            .orElseThrow(
                () ->
                    new Untunable(
                        "no readahead: %s does not read from a device".formatted(described(mount)),
                        "data in memory needs none; leave it out"));
    return KernelKnob.of(
        Setting.READAHEAD,
        device.map(QueueKnobs::whole).orElse(mount.source()),
        List.of(),
        sharers(table, mount, real),
        new InFile(
            file,
            kib -> Long.toString(Long.parseLong(kib) * KIB),
            bytes -> Long.toString(Long.parseLong(bytes) / KIB)));
  }

  private static String whole(Device device) {
    return device instanceof BlockDevice block ? block.whole().name() : device.name();
  }

  /**
   * The read-ahead directory of a network file system or btrfs, whose number belongs to no block
   * device.
   */
  private Optional<Path> own(Mount mount) throws IOException {
    Path network = sysfs.resolve("class/bdi").resolve(mount.device()).resolve("read_ahead_kb");
    if (devices.block(mount).isEmpty()) {
      return Optional.of(network).filter(Files::exists);
    }
    return mount.type().equals("btrfs") ? btrfs(mount) : Optional.empty();
  }

  private Optional<Path> btrfs(Mount mount) throws IOException {
    Optional<String> name = devices.block(mount).map(Device::name);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(sysfs.resolve("fs/btrfs"))) {
      for (Path one : all) {
        if (name.isPresent() && Files.exists(one.resolve("devices").resolve(name.get()))) {
          return Optional.of(one.resolve("bdi/read_ahead_kb"));
        }
      }
    }
    return Optional.empty();
  }

  /** Other mount points of file systems on the same device, each once. */
  private List<String> sharers(ProcMounts table, Mount mount, Path real) {
    Optional<Device> device = devices.of(mount);
    if (device.isEmpty()) {
      return List.of();
    }
    boolean own = LinuxTuner.isOwn(table, mount, real);
    List<String> numbers = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (Mount other : table.mounts()) {
      boolean same = other.device().equals(mount.device());
      if ((!same || !own)
          && !numbers.contains(other.device())
          && !other.target().equals(real.toString())
          && isOn(other, device.get())) {
        numbers.add(other.device());
        targets.add(other.target());
      }
    }
    return targets;
  }

  private boolean isOn(Mount other, Device device) {
    return devices
        .block(other)
        .filter(found -> found.names().stream().anyMatch(device.names()::contains))
        .isPresent();
  }

  /** A value in a file of sysfs. The kernel never reuses the number of such a directory. */
  private record InFile(Path file, UnaryOperator<String> reading, UnaryOperator<String> writing)
      implements KernelKnob.Access {
    @Override
    public String read() throws IOException {
      return reading.apply(words(file));
    }

    @Override
    public String identity(String place) throws IOException {
      return place + "#" + Files.getAttribute(file.resolveSibling(""), "unix:ino");
    }

    // The kernel accepts a value only in a single write(2), and the file always exists.
    @Override
    public void write(String value) throws IOException {
      Files.write(
          file,
          writing.apply(value).getBytes(UTF_8),
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);
    }
  }
}
