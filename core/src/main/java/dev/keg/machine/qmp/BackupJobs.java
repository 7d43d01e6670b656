package dev.keg.machine.qmp;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.json.JsonObject;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.DiskRoom;
import dev.keg.machine.Plug;
import dev.keg.machine.qmp.QmpException.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies disks by jobs of QEMU, which one transaction begins: from then on what the machine
 * overwrites is copied first. Jobs and the nodes of the targets have names of their own, so that
 * what a killed command left is known.
 */
final class BackupJobs {
  private static final int PAUSE_MS = 100;

  private final QmpConnection qemu;
  private final List<Plug> disks;

  BackupJobs(QmpConnection qemu, List<Plug> disks) {
    this.qemu = qemu;
    this.disks = List.copyOf(disks);
  }

  private static String job(Plug disk) {
    return "keg-backup-" + disk.drive();
  }

  private static String target(Plug disk) {
    return "keg-to-" + disk.drive();
  }

  /** Copies each of the disks. */
  void run(List<DiskCopy> copies, LongConsumer copied) throws IOException {
    List<JsonObject> actions = new ArrayList<>();
    for (DiskCopy copy : copies) {
      String source = source(copy);
      qemu.execute("blockdev-add", node(copy));
      actions.add(
          new JsonObject()
              .put("type", "blockdev-backup")
              .put(
                  "data",
                  new JsonObject()
                      .put("job-id", job(copy.plug()))
                      .put("device", source)
                      .put("target", target(copy.plug()))
                      .put("sync", "full")
                      .put("auto-dismiss", false)));
    }
    qemu.execute("transaction", new JsonObject().objects("actions", actions));
    long done = 0;
    while (true) {
      List<Map<?, ?>> jobs = jobs();
      long now = jobs.stream().mapToLong(BackupJobs::progress).sum();
      copied.accept(Math.max(0, now - done));
      done = Math.max(done, now);
      if (jobs.stream().allMatch(BackupJobs::isConcluded)) {
        requireGood(jobs);
        return;
      }
      requireRoom(copies);
      pause();
    }
  }

  // When a copy cannot take what the machine overwrites, QEMU fails the machine's own write.
  private static void requireRoom(List<DiskCopy> copies) throws IOException {
    for (DiskCopy copy : copies) {
      if (DiskRoom.isLow(Files.getFileStore(copy.target()))) {
        throw new QmpException(
            Failure.REFUSED, "the file system of " + copy.target() + " is almost full");
      }
    }
  }

  private JsonObject node(DiskCopy copy) {
    return new JsonObject()
        .put("driver", driver(copy.plug().disk()))
        .put("node-name", target(copy.plug()))
        .put("discard", "unmap")
        .put("detect-zeroes", "unmap")
        .put(
            "file",
            new JsonObject().put("driver", "file").put("filename", copy.target().toString()));
  }

  /** A drive's name says nothing of its disk: whoever started the machine chose it. */
  private String source(DiskCopy copy) throws IOException {
    MachineDisk disk = copy.plug().disk();
    List<String> found = new ArrayList<>();
    for (Map<?, ?> node : QmpMachine.maps(qemu.execute("query-named-block-nodes", flat()))) {
      if (isFile(node.get("file"), disk.file()) && driver(disk).equals(node.get("drv"))) {
        found.add(String.valueOf(node.get("node-name")));
      }
    }
    if (found.isEmpty()) {
      throw new QmpException(Failure.REFUSED, "the machine has no disk of " + disk.file());
    }
    String drive = copy.plug().drive().text();
    return found.contains(drive) ? drive : found.getFirst();
  }

  private static String driver(MachineDisk disk) {
    return disk.format().equals("vhd") ? "vpc" : disk.format();
  }

  /** Whether that is the disk, perhaps by a link. */
  private static boolean isFile(@Nullable Object name, Path disk) {
    if (!(name instanceof String text)) {
      return false;
    }
    try {
      Path file = disk.getFileSystem().getPath(text);
      return file.isAbsolute() && Files.isSameFile(file, disk);
    } catch (IOException | InvalidPathException _) {
      return false; // Such as a device of the network.
    }
  }

  private static JsonObject flat() {
    return new JsonObject().put("flat", true);
  }

  private Set<String> nodes() throws IOException {
    Set<String> names = new HashSet<>();
    for (Map<?, ?> map : QmpMachine.maps(qemu.execute("query-named-block-nodes", flat()))) {
      names.add(String.valueOf(map.get("node-name")));
    }
    return names;
  }

  /** Our jobs that QEMU has. */
  private List<Map<?, ?>> jobs() throws IOException {
    Set<String> ours = new HashSet<>(disks.stream().map(BackupJobs::job).toList());
    List<Map<?, ?>> jobs = new ArrayList<>();
    for (Map<?, ?> job : QmpMachine.maps(qemu.execute("query-jobs", new JsonObject()))) {
      if (ours.contains(String.valueOf(job.get("id")))) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  private static long progress(Map<?, ?> job) {
    try {
      return Long.parseLong(String.valueOf(job.get("current-progress")));
    } catch (NumberFormatException _) {
      return 0; // Only told.
    }
  }

  private static boolean isConcluded(Map<?, ?> job) {
    return "concluded".equals(job.get("status"));
  }

  private void requireGood(List<Map<?, ?>> jobs) throws QmpException {
    Optional<Object> error =
        jobs.stream().<Object>map(job -> job.get("error")).filter(e -> e != null).findFirst();
    if (error.isPresent() || jobs.size() != disks.size()) {
      throw new QmpException(
          Failure.REFUSED, "QEMU could not copy: " + error.orElse("a job was cancelled"));
    }
  }

  /** Ends our jobs, and lets go of the targets. */
  void end() throws IOException {
    for (Map<?, ?> job : jobs()) {
      if (!isConcluded(job)) {
        cancel(String.valueOf(job.get("id")));
      }
    }
    List<Map<?, ?>> left = jobs();
    while (!left.stream().allMatch(BackupJobs::isConcluded)) {
      pause();
      left = jobs();
    }
    for (Map<?, ?> job : left) {
      qemu.execute("job-dismiss", new JsonObject().put("id", String.valueOf(job.get("id"))));
    }
    Set<String> nodes = nodes();
    for (Plug disk : disks) {
      if (nodes.contains(target(disk))) {
        qemu.execute("blockdev-del", new JsonObject().put("node-name", target(disk)));
      }
    }
  }

  // It may end by itself meanwhile.
  private void cancel(String job) throws IOException {
    try {
      qemu.execute("job-cancel", new JsonObject().put("id", job));
    } catch (QmpException e) {
      if (e.failure() != Failure.REFUSED) {
        throw e;
      }
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while QEMU copies");
    }
  }
}
