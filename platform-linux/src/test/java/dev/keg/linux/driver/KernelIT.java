package dev.keg.linux.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Propagation;
import dev.keg.linux.mount.BindMount;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.MountPropagation;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.Submounts;
import dev.keg.linux.program.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The interface to the kernel of this machine. */
@NeedsRoot
public class KernelIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final List<String> debug = new ArrayList<>();
  private final Kernel kernel =
      Kernel.open(new DriverContext(_ -> Optional.empty(), System.getenv(), debug::add));
  private final Mounts mounts = kernel.mounts();

  private Path directory(String name) throws IOException {
    return Files.createDirectories(machine.directory().resolve(name));
  }

  private static FileSystemMount tmpfs(Set<MountFlag> flags, FileSystemOption... options) {
    return new FileSystemMount("tmpfs", "keg", flags, List.of(options));
  }

  private static BindMount bind(Path source, Path target, MountFlag... flags) {
    return new BindMount(
        FileLocation.at(source),
        FileLocation.at(target),
        Submounts.FLAGGED,
        Set.of(flags),
        new MountPropagation(Propagation.PRIVATE, true),
        null);
  }

  private Mount on(Path target) throws IOException {
    return mounts.on(target).orElseThrow();
  }

  @Test
  void a_tmpfs_is_mounted_with_its_flags_and_options() throws Exception {
    Path target = directory("t");

    mounts.mount(
        tmpfs(
            Set.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOATIME),
            FileSystemOption.of("size", "1m"),
            FileSystemOption.of("mode", "0700")),
        FileLocation.at(target));

    Mount mount = on(target);
    assertThat(mount.type()).isEqualTo("tmpfs");
    assertThat(mount.source()).isEqualTo("keg");
    assertThat(mount.options()).containsExactlyInAnyOrder("rw", "nosuid", "nodev", "noatime");
    assertThat(mount.superOptions()).contains("size=1024k");
    assertThat(kernel.files().space(target).total()).isEqualTo(1 << 20);
    assertThat(kernel.files().space(target).flags())
        .containsExactlyInAnyOrder(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOATIME);
    mounts.unmount(target, false);
    assertThat(mounts.on(target)).isEmpty();
  }

  @Test
  void the_kernel_says_which_option_it_does_not_know() throws Exception {
    Path target = directory("t");

    assertThatThrownBy(
            () ->
                mounts.mount(
                    tmpfs(Set.of(), FileSystemOption.of("nope", "1")), FileLocation.at(target)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("tmpfs: Unknown parameter 'nope'");
    assertThat(mounts.on(target)).isEmpty();
  }

  @Test
  void a_type_that_does_not_exist_is_an_error() throws Exception {
    Path target = directory("t");
    FileSystemMount mount = new FileSystemMount("no-such-fs", "x", Set.of(), List.of());

    assertThatThrownBy(() -> mounts.mount(mount, FileLocation.at(target)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("no such device");
  }

  @Test
  void a_read_only_bind_refuses_writes_below_submounts_too() throws Exception {
    Path source = directory("source");
    Path target = directory("target");
    Path below = directory("source/below");
    mounts.mount(tmpfs(Set.of()), FileLocation.at(below));

    mounts.bind(bind(source, target, MountFlag.READ_ONLY, MountFlag.NOEXEC));

    assertThatThrownBy(() -> Files.createFile(target.resolve("x")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Read-only");
    assertThatThrownBy(() -> Files.createFile(target.resolve("below/x")))
        .hasMessageContaining("Read-only");
    Files.createFile(below.resolve("x"));
    assertThat(target.resolve("below/x")).exists();
    assertThat(on(target).options()).contains("ro", "noexec");
    mounts.unmount(target, true);
    mounts.unmount(below, false);
  }

  @Test
  void propagation_is_what_was_asked_for_even_below_a_shared_mount() throws Exception {
    Path parent = directory("parent");
    mounts.mount(tmpfs(Set.of()), FileLocation.at(parent));
    mounts.call("", parent, null, Propagation.SHARED.number(), null);
    Path source = directory("source");
    for (Propagation propagation :
        List.of(Propagation.PRIVATE, Propagation.SHARED, Propagation.UNBINDABLE)) {
      Path target = directory("parent/" + propagation.word());
      mounts.bind(
          new BindMount(
              FileLocation.at(source),
              FileLocation.at(target),
              Submounts.UNCHANGED,
              Set.of(),
              new MountPropagation(propagation, true),
              null));
      List<String> peers = on(target).peers();
      switch (propagation) {
        case SHARED -> assertThat(peers).anyMatch(peer -> peer.startsWith("shared:"));
        case UNBINDABLE -> assertThat(peers).contains("unbindable");
        case PRIVATE, SLAVE -> assertThat(peers).isEmpty();
      }
      mounts.unmount(target, false);
    }
    mounts.unmount(parent, false);
  }

  @Test
  void a_link_in_a_subpath_leads_nowhere_else() throws Exception {
    Path source = directory("source");
    Path target = directory("target");
    Files.createFile(directory("source/inside").resolve("file"));
    Files.createSymbolicLink(source.resolve("absolute"), Path.of("/etc"));
    Files.createSymbolicLink(source.resolve("upwards"), Path.of("../target"));
    Files.createSymbolicLink(source.resolve("within"), Path.of("inside"));

    for (String link : List.of("absolute", "upwards", "..", "/")) {
      assertThatThrownBy(() -> mounts.bind(subpath(source, link, target)))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("invalid cross-device link");
    }
    mounts.bind(subpath(source, "within", target));
    assertThat(target.resolve("file")).exists();
    mounts.unmount(target, false);
  }

  private static BindMount subpath(Path source, String path, Path target) {
    return new BindMount(
        FileLocation.beneath(source, path),
        FileLocation.exactly(target),
        Submounts.LEFT_OUT,
        Set.of(),
        null,
        null);
  }

  @Test
  void a_mount_point_reached_through_a_link_is_not_unmounted() throws Exception {
    Path real = directory("real");
    Path target = directory("real/target");
    mounts.mount(tmpfs(Set.of()), FileLocation.at(target));
    Path link = Files.createSymbolicLink(machine.directory().resolve("link"), real);

    assertThatThrownBy(() -> mounts.unmountExact(link.resolve("target"), true))
        .hasMessageContaining("symbolic links");
    assertThat(mounts.on(target)).isPresent();
    mounts.unmount(link.resolve("target"), false);
    assertThat(mounts.on(target)).isEmpty();
  }

  @Test
  void a_busy_mount_stays_unless_it_is_taken_down_lazily() throws Exception {
    Path target = directory("t");
    mounts.mount(tmpfs(Set.of()), FileLocation.at(target));
    try (var open = new RandomAccessFile(target.resolve("file").toFile(), "rw")) {
      assertThatThrownBy(() -> mounts.unmount(target, false))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("device or resource busy");
      mounts.unmount(target, true);
      assertThat(mounts.on(target)).isEmpty();
      open.write(1);
    }
  }

  @Test
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  void a_loop_device_carries_a_file_system_and_goes_with_it() throws Exception {
    Path image = image("disk.img", 64 << 20);
    kernel.tools().run(Tool.of("mkfs.ext4", "-q", image.toString()));
    Path target = directory("t");

    Path path;
    try (LoopDevice device =
        kernel.loops().attach(image, new LoopSettings(false, true, true, 0, "keg db"))) {
      path = device.path();
      mounts.mount(
          new FileSystemMount("ext4", path.toString(), Set.of(MountFlag.NOATIME), List.of()),
          FileLocation.at(target));
    }
    assertThat(kernel.loops().of(image)).contains(path);
    assertThat(kernel.tools().run(Tool.of("losetup", "-n", "-O", "DIO,AUTOCLEAR", path.toString())))
        .containsPattern("1\\s+1");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(128 << 20);
    }
    kernel.loops().updateCapacity(path);
    assertThat(Files.readString(Path.of("/sys/block", path.getFileName().toString(), "size")))
        .isEqualToIgnoringNewLines(Long.toString((128L << 20) / 512));
    try (Fd frozen = kernel.files().open(target, OpenMode.READ)) {
      kernel.files().freeze(frozen);
      kernel.files().thaw(frozen);
    }
    mounts.unmount(target, false);
    assertThat(kernel.loops().of(image)).isEmpty();
  }

  @Test
  @NeedsKernel({"loop", "ext4"})
  void a_device_without_a_file_system_says_so() throws Exception {
    Path image = image("empty.img", 1 << 20);
    Path target = directory("t");
    try (LoopDevice device =
        kernel.loops().attach(image, new LoopSettings(true, true, false, 0, "keg"))) {
      FileSystemMount mount =
          new FileSystemMount(
              "ext4", device.path().toString(), Set.of(MountFlag.READ_ONLY), List.of());
      assertThatThrownBy(() -> mounts.mount(mount, FileLocation.at(target)))
          .isInstanceOf(ErrnoException.class);
    }
    assertThat(kernel.loops().of(image)).isEmpty();
  }

  @Test
  void direct_io_on_a_file_system_without_it_is_refused() throws Exception {
    Path target = directory("t");
    mounts.mount(tmpfs(Set.of()), FileLocation.at(target));
    Path image = image("t/disk.img", 1 << 20);
    LoopSettings settings = new LoopSettings(false, true, true, 0, "keg");
    try (LoopDevice device = kernel.loops().attach(image, settings)) {
      // Since Linux 6.6, tmpfs supports O_DIRECT.
      assertThat(device.path()).exists();
    } catch (ErrnoException e) {
      assertThat(e).hasMessageContaining("cannot do direct I/O");
    }
    assertThat(kernel.loops().of(image)).isEmpty();
    mounts.unmount(target, false);
  }

  @Test
  void a_file_system_without_quotas_has_none() throws Exception {
    assertThat(kernel.quotas().available(directory("t"))).isFalse();
  }

  @Test
  void blocks_are_allocated() throws Exception {
    Path image = image("disk.img", 0);
    try (Fd file = kernel.files().open(image, OpenMode.READ_WRITE)) {
      kernel.files().allocate(file, 1 << 20);
    }
    assertThat(image).hasSize(1 << 20);
    assertThat(kernel.tools().run(Tool.of("stat", "-c", "%b", image.toString())).strip())
        .isEqualTo("2048");
    assertThat(kernel.files().occupied(image)).isEqualTo(1 << 20);
    assertThat(kernel.dataOf(image)).isEmpty();
  }

  @Test
  void every_call_is_shown_to_those_who_debug() throws Exception {
    Path target = directory("t");
    mounts.mount(tmpfs(Set.of(), FileSystemOption.secret("size", "1m")), FileLocation.at(target));
    mounts.unmount(target, false);

    assertThat(debug)
        .anyMatch(line -> line.equals("fsopen tmpfs"))
        .anyMatch(line -> line.equals("fsconfig size=********"))
        .anyMatch(line -> line.startsWith("move_mount "))
        .anyMatch(line -> line.startsWith("umount2 "));
  }

  private Path image(String name, long size) throws IOException {
    Path image = machine.directory().resolve(name);
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    return image;
  }
}
