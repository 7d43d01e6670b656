package dev.keg.cli;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.server.HostNetwork;
import dev.keg.fixtures.server.S3Proxy;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A host of a shared registry, as far as one machine can be several: it has its own network, mounts
 * and data. Its {@code rbd} is a script that presents files as loop devices and, unlike a cluster,
 * does not protect an image that another host uses: only the registry does.
 */
final class HostMachine implements AutoCloseable {
  private static final String RBD =
      """
      #!/bin/sh
      # The images are the files in $CLUSTER; what is mapped here is in $MAPPED, a file each. It may be
      # killed at any moment, so such a file may be about a device that is another one's by now.
      set -e
      is_mapped() { [ "$(losetup --noheadings --output BACK-FILE "$2" 2>/dev/null)" = "$CLUSTER/$1" ]; }
      while [ "${1#--}" != "$1" ]; do shift 2; done
      words=$*
      image=${words##*/}
      case "$1 $2" in
        create*)
          size=$(echo "$words" | sed 's/.*--size \\([0-9]*\\).*/\\1/')
          [ ! -e "$CLUSTER/$image" ] || exit 17
          truncate -s "${size}M" "$CLUSTER/$image" ;;
        info*)
          [ -e "$CLUSTER/$image" ] || exit 2
          echo "{\\"name\\":\\"$image\\",\\"size\\":$(stat -c %s "$CLUSTER/$image")}" ;;
        remove*)
          [ -e "$CLUSTER/$image" ] || exit 2
          rm "$CLUSTER/$image" ;;
        "snap ls") echo "[]" ;;
        "device map")
          [ -e "$CLUSTER/$image" ] || exit 2
          device=$(losetup --find --show "$CLUSTER/$image")
          echo "$device" | tee "$MAPPED/$image" ;;
        "device unmap")
          for file in $(grep -l "/$image\\$" "$MAPPED"/*); do
            ! is_mapped "${file##*/}" "/dev/$image" || losetup --detach "/dev/$image"
            rm "$file"
          done ;;
        "device list")
          echo "["
          comma=
          for file in "$MAPPED"/*; do
            [ -e "$file" ] && is_mapped "${file##*/}" "$(cat "$file")" || continue
            echo "$comma{\\"pool\\":\\"rbd\\",\\"namespace\\":\\"\\",\\"name\\":\\"${file##*/}\\",\\"snap\\":\\"-\\",\\"device\\":\\"$(cat "$file")\\"}"
            comma=,
          done
          echo "]" ;;
        *) echo "rbd: unknown: $words" >&2; exit 1 ;;
      esac
      """;

  /** Unmounts everything below a directory, and keeps running. */
  private static final String ALONE =
      """
      cut -d ' ' -f 5 /proc/self/mountinfo | grep "^$0/" | sort -r | while read -r at; do
        umount -l "$at"
      done
      exec sleep 600
      """;

  private static final String DETACH =
      """
      losetup -l -n -O NAME,BACK-FILE | grep -F " $0/" | while read -r name _; do
        losetup -d "$name"
      done
      """;

  private static final Pattern DEVICE = Pattern.compile(" - \\S+ /dev/(loop\\d+) ");

  private final String name;
  private final HostNetwork network;
  private final Path directory;
  private final Process inside;
  private int killedAfter = Integer.MAX_VALUE;
  private final Map<String, String> environment = new HashMap<>(BuiltProgram.ENVIRONMENT);

  HostMachine(HostNetwork network, int number, Path scratch, String root) throws IOException {
    this.name = "h" + number;
    this.network = network;
    this.directory = Files.createDirectories(scratch.resolve(name));
    Path tools = Files.createDirectories(directory.resolve("bin"));
    Path rbd = Files.writeString(tools.resolve("rbd"), RBD);
    Files.setPosixFilePermissions(rbd, PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("PATH", tools + ":/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("CLUSTER", Files.createDirectories(scratch.resolve("cluster")).toString());
    environment.put("MAPPED", Files.createDirectories(directory.resolve("mapped")).toString());
    environment.put("AWS_ACCESS_KEY_ID", S3Proxy.KEY);
    environment.put("AWS_SECRET_ACCESS_KEY", S3Proxy.SECRET);
    environment.put("KEG_ROOT", root);
    environment.put("KEG_DATA", directory.resolve("data").toString());
    environment.put("KEG_HOST", name);
    List<String> command = new ArrayList<>(network.inside(number));
    command.addAll(List.of("unshare", "--mount", "--propagation", "private"));
    // Otherwise, mounts of concurrent tests would be busy as long as the host lives.
    command.addAll(List.of("sh", "-c", ALONE, System.getProperty("java.io.tmpdir")));
    this.inside = new ProcessBuilder(command).start();
  }

  String name() {
    return name;
  }

  void cut() throws IOException {
    network.cut(Integer.parseInt(name.substring(1)));
  }

  void mend() throws IOException {
    network.mend(Integer.parseInt(name.substring(1)));
  }

  /** The mount point of a volume on the host. */
  Path target(String volume) throws IOException {
    return Files.createDirectories(directory.resolve("mnt").resolve(volume));
  }

  /** Kills the next commands after this time. */
  void killCommandsAfter(int milliseconds) {
    killedAfter = milliseconds;
  }

  /** The outcome; the status is 137 if it was killed. */
  Outcome keg(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--target",
                Long.toString(inside.pid()),
                "--mount",
                "--net",
                BuiltProgram.path()));
    command.addAll(List.of(words));
    Path output = Files.createTempFile(directory, "out", "");
    Path errors = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(Math.min(killedAfter, 120_000), TimeUnit.MILLISECONDS)) {
      List<ProcessHandle> family = process.descendants().toList();
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
    }
    int status = process.waitFor();
    Outcome outcome = new Outcome(Files.readString(output), Files.readString(errors), status);
    Files.delete(output);
    Files.delete(errors);
    return outcome;
  }

  /** The images of the cluster that are mounted here, according to the kernel. */
  Set<String> mountedImages() throws IOException {
    Set<String> images = new TreeSet<>();
    for (String line : mounts()) {
      Matcher device = DEVICE.matcher(line);
      if (device.find()) {
        image(device.group(1)).ifPresent(images::add);
      }
    }
    return images;
  }

  /** The image that is mounted at a directory. */
  Optional<String> imageAt(Path target) throws IOException {
    return mounts().stream()
        .filter(line -> line.contains(" " + target + " "))
        .flatMap(line -> DEVICE.matcher(line).results())
        .flatMap(device -> image(device.group(1)).stream())
        .findFirst();
  }

  /** A directory of the host, as this process sees it. */
  Path seen(Path path) {
    return Path.of("/proc", Long.toString(inside.pid()), "root", path.toString());
  }

  /** The mount points of volumes. */
  List<String> targets() throws IOException {
    String mnt = directory.resolve("mnt") + "/";
    return mounts().stream()
        .map(line -> line.split(" ", -1)[4])
        .filter(target -> target.startsWith(mnt))
        .toList();
  }

  private Optional<String> image(String loop) {
    try {
      Path file =
          Path.of(Files.readString(Path.of("/sys/block", loop, "loop/backing_file")).strip());
      return file.startsWith(directory.resolveSibling("cluster"))
          ? Optional.of(file.getFileName().toString())
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // it has just been detached
    }
  }

  /** The mounts below its directory. */
  List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(inside.pid()), "mountinfo")).stream()
        .filter(line -> line.contains(" " + directory))
        .toList();
  }

  /** The mounts below its directory, with what each loop device of the machine shows. */
  List<String> mountsAndDevices() throws IOException {
    List<String> lines = new ArrayList<>(mounts());
    for (Path device : DirectoryEntries.of(Path.of("/sys/block"))) {
      Path backing = device.resolve("loop/backing_file");
      if (Files.exists(backing)) {
        lines.add(device.getFileName() + " " + Files.readString(backing).strip());
      }
    }
    return lines;
  }

  /** Its files of each volume, and the records as it last saw them. */
  List<String> files() throws IOException {
    List<String> lines = new ArrayList<>();
    Path data = directory.resolve("data");
    try (Stream<Path> volumes = Files.walk(data.resolve("volumes"), 3);
        Stream<Path> records = Files.walk(data.resolve("cache"))) {
      volumes.map(Path::toString).forEach(lines::add);
      for (Path record : records.filter(Files::isRegularFile).toList()) {
        lines.add(record + " " + Files.readString(record));
      }
    }
    return lines;
  }

  @Override
  public void close() {
    inside.descendants().forEach(ProcessHandle::destroyForcibly);
    inside.destroyForcibly().onExit().join();
    FileFailures.run("detach", directory, this::detach);
  }

  /** The devices of images that are still mapped; a busy one disappears with its last mount. */
  private void detach() throws IOException {
    String images = environment.get("CLUSTER");
    new ProcessBuilder("sh", "-c", DETACH, images).start().onExit().join();
  }
}
