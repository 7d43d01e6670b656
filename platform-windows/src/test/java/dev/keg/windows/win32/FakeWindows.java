package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.volume.Size;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.BindLink;
import dev.keg.windows.win32.dll.ComputeCore;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.NtDll;
import dev.keg.windows.win32.dll.VirtDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A Windows that runs on any system, at the level of its libraries: files are opened, disks
 * attached, and volumes mounted and mapped by the rules of VirtDisk. Virtual disks are real files,
 * made by {@link dev.keg.disk.DiskWriter}; a mounted volume is a link to a directory with its
 * content. Each call is recorded, and can be made to fail.
 */
public final class FakeWindows implements Dlls, FakeWorld {
  /** The error of an injected failure. */
  static final int IO_DEVICE = Win32Error.IO_DEVICE;

  final Map<Path, Attachment> attachments = new TreeMap<>();
  final Map<Path, String> mountPoints = new TreeMap<>();
  final Map<Path, Path> junctions = new TreeMap<>();
  final Map<String, String> letters = new TreeMap<>();
  final Map<String, String> mappings = new TreeMap<>();
  final Map<String, List<FakeShares.Offered>> offered = new HashMap<>();
  final Set<String> busyShares = new HashSet<>();
  final Set<String> machines = new HashSet<>();
  final Map<String, FakeContainer> containers = new TreeMap<>();
  final Set<String> unknownAccounts = new HashSet<>(Set.of("nobody"));
  private final Map<UUID, FakeDisk> disks = new HashMap<>();
  private final Map<Long, Object> handles = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Faults faults = new Faults(this::processDied);
  private final Path contents;
  private final FakeVirtDisk virtDisk = new FakeVirtDisk(this);
  private final FakeKernel32 kernel32 = new FakeKernel32(this);
  private final FakeShares shares = new FakeShares(this);
  private final FakeComputeCore computeCore = new FakeComputeCore(this);
  private final FakeSecurity security = new FakeSecurity(this);
  private final FakeBindLinks bindLinks = new FakeBindLinks(this);
  final FakeFiles files = new FakeFiles(this);
  OptionalInt formatReport = OptionalInt.empty();
  Optional<String> hcsAnswer = Optional.empty();
  private long nextHandle = 100;
  private int nextDisk = 1;
  private int lastError;
  private long boots = 1;
  private long clockSetBy;
  boolean mayManageVolumes;
  boolean mayAudit;

  /** Called before a junction is created. */
  public Runnable beforeLinking = () -> {};

  /** Whether foreign volumes answer with an unexpected error. */
  public boolean brokenForeignVolume;

  /** Called before a directory is pinned. */
  public Runnable beforePinning = () -> {};

  /** The number of bytes that may be written to each volume. */
  public long free = 3 << 20;

  /** Whether this Windows can show any directory read-only. */
  public boolean hasBindLinks = true;

  /** Whether this edition of Windows has BitLocker. */
  public boolean hasBitLocker = true;

  /** The id of the next recovery keys, if not a new one each. */
  public Optional<String> protectorId = Optional.empty();

  /** Whether the user may attach disks. */
  public boolean elevated = true;

  /**
   * @param contents the directory for the content of the volumes
   */
  public FakeWindows(Path contents) {
    this.contents = contents;
  }

  /** An attached disk; its volume appears a moment later. */
  static final class Attachment {
    final int number;
    final boolean permanent;
    final boolean readOnly;
    final FakeDisk disk;
    final long handle;
    boolean settled;

    Attachment(int number, boolean permanent, boolean readOnly, FakeDisk disk, long handle) {
      this.number = number;
      this.permanent = permanent;
      this.readOnly = readOnly;
      this.disk = disk;
      this.handle = handle;
    }
  }

  /** The calls so far, one line each. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  @Override
  public SortedSet<String> standing() {
    SortedSet<String> standing = new TreeSet<>();
    attachments.forEach(
        (file, attached) -> standing.add((attached.permanent ? "attached " : "held ") + file));
    mountPoints.keySet().forEach(directory -> standing.add("mounted " + directory));
    junctions.keySet().forEach(directory -> standing.add("linked " + directory));
    letters.forEach((letter, path) -> standing.add("letter " + letter + " " + path));
    mappings.keySet().forEach(share -> standing.add("mapped " + share));
    bindLinks.links().values().forEach(directory -> standing.add("read-only " + directory));
    containers.forEach(
        (id, container) ->
            container.mapped().forEach((path, source) -> standing.add(id + " " + path + source)));
    return standing;
  }

  @Override
  public Faults faults() {
    return faults;
  }

  /** The streams and lists of files. */
  public FakeFiles files() {
    return files;
  }

  /** Sets whether files on the volume of this disk are in use. */
  public void busy(Path file, boolean busy) {
    volumeOf(attachments.get(file)).orElseThrow().busy = busy;
  }

  /** Files on the volume of this disk are in use until this number of attempts to lock it. */
  public void busyFor(Path file, int tries) {
    volumeOf(attachments.get(file)).orElseThrow().busyTries = tries;
  }

  /** A program opens its files on the volume of this disk again, this number of times. */
  public void reopened(Path file, int times) {
    volumeOf(attachments.get(file)).orElseThrow().reopened = times;
  }

  /** Deletes this account. */
  public void deleteAccount(String name) {
    unknownAccounts.add(name);
  }

  /** The next format reports this before it fails. */
  public void formatReports(int command) {
    formatReport = OptionalInt.of(command);
  }

  /** The next request to a machine fails with this document as the answer. */
  public void hcsAnswers(String document) {
    hcsAnswer = Optional.of(document);
  }

  /** Whether a directory is pinned. */
  public boolean isPinned(Path directory) {
    return handles.values().stream()
        .anyMatch(open -> open instanceof FakeFiles.Pin pin && pin.isIn(directory));
  }

  /** Files on the share are in use. */
  public void busyShare(String share) {
    busyShares.add(share);
  }

  /** Adds a share of this type to a server. */
  public void offer(String server, String share, int type, String remark) {
    offered
        .computeIfAbsent(server, _ -> new ArrayList<>())
        .add(new FakeShares.Offered(share, type, remark));
  }

  /** Starts a machine or container. */
  public void run(String machine) {
    machines.add(machine);
  }

  /** Starts a container, or restarts it: it then no longer sees its earlier mappings. */
  public FakeContainer runContainer(String id) {
    FakeContainer container = new FakeContainer(UUID.randomUUID().toString());
    containers.put(id, container);
    return container;
  }

  /** Removes a container. */
  public void endContainer(String id) {
    containers.remove(id);
  }

  /** The file system on an attached disk, and its size. */
  public String fileSystem(Path file) {
    FakeVolume volume = volumeOf(attachments.get(file)).orElseThrow();
    return volume.fileSystem + " " + volume.fileSystemLength;
  }

  /** Restarts Windows: nothing is attached or mapped; mount points stay on the disk. */
  public void reboot() {
    for (Path file : List.copyOf(attachments.keySet())) {
      detach(file);
    }
    mappings.clear();
    bindLinks.shutDown();
    containers.clear();
    letters.clear();
    handles.clear();
    mayManageVolumes = false;
    boots++;
  }

  private void processDied() {
    for (long handle : List.copyOf(handles.keySet())) {
      close(handle);
    }
  }

  /** Records a call; true if it must fail. */
  boolean fails(String call) {
    calls.add(call);
    lastError = IO_DEVICE;
    return faults.hit();
  }

  Pointer open(Object what) {
    handles.put(nextHandle, what);
    return new Pointer(nextHandle++);
  }

  <T> Optional<T> handle(Pointer handle, Class<T> type) {
    return Optional.ofNullable(handles.get(Pointer.nativeValue(handle)))
        .filter(type::isInstance)
        .map(type::cast);
  }

  boolean close(long handle) {
    List<Path> held =
        attachments.entrySet().stream()
            .filter(e -> !e.getValue().permanent && e.getValue().handle == handle)
            .map(Map.Entry::getKey)
            .toList();
    held.forEach(this::detach);
    Object closed = handles.remove(handle);
    if (closed instanceof FakeFiles.Pin pin) {
      pin.delete();
    }
    return closed != null;
  }

  void attach(Path file, boolean permanent, boolean readOnly, Pointer handle) throws IOException {
    FakeDisk disk = disks.computeIfAbsent(FakeDisk.identity(file), _ -> new FakeDisk());
    var attachment =
        new Attachment(nextDisk++, permanent, readOnly, disk, Pointer.nativeValue(handle));
    attachments.put(file, attachment);
    for (FakeVolume volume : disk.volumes) {
      Files.move(hidden(volume), volume.content);
    }
    if (!readOnly) {
      FakeDisk.written(file);
    }
  }

  void detach(Path file) {
    Attachment attachment = attachments.remove(file);
    if (attachment != null) {
      try {
        for (FakeVolume volume : attachment.disk.volumes) {
          volume.locked = volume.encrypted;
          Files.move(volume.content, hidden(volume));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The directory with the content of a volume while its disk is not attached. */
  private static Path hidden(FakeVolume volume) {
    return volume.content.resolveSibling(volume.content.getFileName() + "-detached");
  }

  /** A child begins with the content of its parent. */
  void inherit(Path child, Path parent) throws IOException {
    FakeDisk from = disks.get(FakeDisk.identity(parent));
    if (from != null) {
      FakeDisk disk = new FakeDisk();
      disk.partitionTable = true;
      for (FakeVolume volume : from.volumes) {
        FakeVolume copy = volume(volume.start, volume.length);
        copy.type = volume.type;
        copy.fileSystem = volume.fileSystem;
        copy.encrypted = volume.encrypted;
        copy.locked = volume.encrypted;
        copy.phrase = volume.phrase;
        copy.fileSystemLength = volume.fileSystemLength;
        Files.move(copy.content, hidden(copy));
        copy(hidden(volume), hidden(copy));
        disk.volumes.add(copy);
      }
      disks.put(FakeDisk.identity(child), disk);
    }
  }

  /**
   * Gives a disk that is not attached foreign partitions, such as {@code reserved 16m} or {@code
   * NTFS 40m}, in this order.
   */
  public void layOut(Path file, int sectorSize, String... partitions) throws IOException {
    FakeDisk disk = new FakeDisk();
    disk.partitionTable = true;
    disk.sectorSize = sectorSize;
    long start = 1 << 20;
    for (String partition : partitions) {
      String[] words = partition.split(" ", -1);
      FakeVolume volume = volume(start, Size.parseBinary(words[1]).bytes());
      volume.type = words[0].equals("reserved") ? FakeVolume.RESERVED : volume.type;
      volume.fileSystem = words[0];
      volume.fileSystemLength = volume.length;
      Files.move(volume.content, hidden(volume));
      disk.volumes.add(volume);
      start += volume.length;
    }
    disks.put(FakeDisk.identity(file), disk);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  FakeVolume volume(long start, long length) throws IOException {
    return new FakeVolume(Files.createTempDirectory(contents, "volume"), start, length);
  }

  Optional<Map.Entry<Path, Attachment>> attached(int number) {
    return attachments.entrySet().stream().filter(e -> e.getValue().number == number).findFirst();
  }

  static Optional<FakeVolume> volumeOf(@Nullable Attachment attachment) {
    return Optional.ofNullable(attachment).flatMap(a -> a.disk.data());
  }

  /** The attached disk with this volume, once it has appeared. */
  Optional<FakeDevices.OpenVolume> withVolume(String path) {
    return attachments.values().stream()
        .filter(a -> a.settled)
        .flatMap(a -> a.disk.volumes.stream().map(v -> new FakeDevices.OpenVolume(a, v, 0)))
        .filter(open -> open.volume().path.equals(path))
        .findFirst();
  }

  int failed(int code) {
    lastError = code;
    return 0;
  }

  @Override
  public VirtDisk virtDisk() {
    return virtDisk;
  }

  @Override
  public BindLink bindLink() throws Win32Exception {
    if (!hasBindLinks) {
      throw new Win32Exception("LoadLibrary", "bindlink.dll", Win32Error.MOD_NOT_FOUND);
    }
    return bindLinks;
  }

  @Override
  public Kernel32 kernel32() {
    return kernel32;
  }

  @Override
  public Fmifs fmifs() {
    return kernel32;
  }

  @Override
  public Netapi32 netapi32() {
    return shares;
  }

  @Override
  public ComputeCore computeCore() {
    return computeCore;
  }

  @Override
  public Advapi32 advapi32() {
    return security;
  }

  @Override
  public Wmi wmi() {
    return new FakeBitLocker(this);
  }

  @Override
  public Tools tools() {
    return (program, arguments) ->
        fails(program + " " + String.join(" ", arguments)) ? 0x8900002A : 0;
  }

  /** Each boot has its own time; setting the clock moves it, and the bias is the difference. */
  @Override
  public NtDll ntDll() {
    return (query, times, length, returned) -> {
      boolean failed = fails("NtQuerySystemInformation " + query) || length != 48;
      times.BootTime = boots * 1_000_000_000L + clockSetBy;
      times.BootTimeBias = clockSetBy;
      return failed ? 0xC0000001 : Win32Error.SUCCESS;
    };
  }

  /** Sets the clock forward by this time. */
  public void setClock(long by) {
    clockSetBy += by;
  }

  @Override
  public int lastError() {
    return lastError;
  }
}
