package dev.keg.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Freezes;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.publish.LinuxPublisher;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.ResolvedTarget;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NeedsRoot
@NeedsKernel({"loop", "ext4", "xfs", "btrfs"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
@NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
class LoopDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});

  private RealDriver driver() throws IOException {
    return new RealDriver(LoopDriver.factory(Kernel::open), machine.directory());
  }

  private static Map<String, String> options(String fs, String... more) {
    Map<String, String> options = new HashMap<>(Map.of("size", "320m", "fs", fs));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private String loops() throws ToolException {
    return tools.run(Tool.of("losetup", "-a"));
  }

  private long blocks(Path file) throws ToolException {
    return Long.parseLong(tools.run(Tool.of("stat", "-c", "%b", file.toString())).strip()) * 512;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void a_volume_is_made_used_mounted_again_and_removed(String fs) throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options(fs, "noatime", "true"));
    assertThat(blocks(made.home().file("disk.img"))).isLessThan(100 << 20);

    driver.mount(made);
    assertThat(made.mounted().type()).isEqualTo(fs);
    assertThat(made.mounted().options()).contains("noatime");
    assertThat(loops()).contains(made.home().file("disk.img").toString());
    assertThat(made.data()).isEmptyDirectory();
    Files.writeString(made.data().resolve("file"), "text");
    driver.unmount(made);
    assertThat(made.data()).isEmptyDirectory();
    assertThat(loops()).doesNotContain(machine.directory().toString());
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.remove(made);

    assertThat(made.home().path()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void the_root_directory_belongs_to_whom_it_was_promised(String fs) throws Exception {
    RealDriver driver = driver();
    Made made =
        driver.create(
            "db",
            options(fs),
            new Ownership(OptionalLong.of(33), OptionalLong.of(44), OptionalInt.of(01770)));

    driver.mount(made);

    assertThat(Files.getAttribute(made.data(), "unix:uid")).isEqualTo(33);
    assertThat(Files.getAttribute(made.data(), "unix:gid")).isEqualTo(44);
    assertThat((int) Files.getAttribute(made.data(), "unix:mode") & 07777).isEqualTo(01770);
    driver.unmount(made);
    check(fs, made.home().file("disk.img"));
  }

  /** The file system's checker finds no errors. */
  private void check(String fs, Path image) throws ToolException {
    String file = image.toString();
    switch (fs) {
      case "ext4" -> tools.run(Tool.of("e2fsck", "-f", "-n", file));
      case "xfs" -> tools.run(Tool.of("xfs_repair", "-n", "-f", file));
      default -> tools.run(Tool.of("btrfs", "check", file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void a_full_image_takes_its_room_at_once(String fs) throws Exception {
    Made made = driver().create("db", options(fs, "allocate", "full"));

    assertThat(blocks(made.home().file("disk.img"))).isGreaterThanOrEqualTo(320 << 20);
  }

  @Test
  void the_size_limits() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("size", "16m"));
    driver.mount(made);

    assertThatThrownBy(() -> Files.write(made.data().resolve("big"), new byte[20 << 20]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    driver.unmount(made);
  }

  @Test
  void many_small_writes_go_around_the_page_cache() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4", "iops", "1000"));
    driver.mount(made);

    String device = made.mounted().source();
    assertThat(tools.run(Tool.of("losetup", "-n", "-O", "DIO", device)).strip()).isEqualTo("1");
    assertThat(made.mounted().options()).contains("noatime");
    assertThat(made.mounted().superOptions()).doesNotContain("lazytime");
    assertThat(blocks(made.home().file("disk.img"))).isGreaterThanOrEqualTo(320 << 20);
    driver.unmount(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void it_grows_mounted_and_unmounted(String fs) throws Exception {
    assumeTrue(
        !fs.equals("ext4") || mayUseReserves(),
        "ext4 grows mounted only with CAP_SYS_RESOURCE, which this root has not");
    RealDriver driver = driver();
    Made made = driver.create("db", options(fs));
    Resizes resizes = (Resizes) driver.driver();
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "text");

    var _ = resizes.resize(made.volume(), made.home(), new Size(512L << 20), Secrets.NONE);
    assertThat(total(made)).isGreaterThan(400L << 20);
    driver.unmount(made);
    var _ = resizes.resize(made.volume(), made.home(), new Size(640L << 20), Secrets.NONE);
    driver.mount(made);
    assertThat(total(made)).isGreaterThan(500L << 20);
    assertThat(made.data().resolve("file")).hasContent("text");
    driver.unmount(made);
    check(fs, made.home().file("disk.img"));
  }

  private static boolean mayUseReserves() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("CapEff:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> 24 & 1) != 0);
  }

  private static long total(Made made) throws IOException {
    return Files.getFileStore(made.data()).getTotalSpace();
  }

  @Test
  @NeedsTool(value = "fstrim", from = "util-linux")
  void what_was_deleted_gives_its_space_back() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4"));
    driver.mount(made);
    Path file = made.data().resolve("file");
    Files.write(file, new byte[1]);
    byte[] content = new byte[20 << 20];
    Arrays.fill(content, (byte) 1);
    Files.write(made.data().resolve("gone"), content);
    driver.unmount(made);
    driver.mount(made);
    Files.delete(made.data().resolve("gone"));
    Compacts compacts = (Compacts) driver.driver();
    long before = compacts.room(made.volume(), made.home()).bytes();

    compacts.compact(made.volume(), made.home());
    assertThat(compacts.room(made.volume(), made.home()).bytes()).isLessThan(before - (19 << 20));
    assertThat(file).exists();
    driver.unmount(made);
    compacts.compact(made.volume(), made.home());
    check("ext4", made.home().file("disk.img"));
  }

  @Test
  void ext4_shrinks_unmounted() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4"));
    driver.mount(made);
    Files.write(made.data().resolve("file"), new byte[1 << 20]);
    driver.unmount(made);

    var _ =
        ((Resizes) driver.driver())
            .resize(made.volume(), made.home(), new Size(64 << 20), Secrets.NONE);

    assertThat(made.home().file("disk.img")).hasSize(64 << 20);
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasSize(1 << 20);
    assertThat(total(made)).isLessThan(64 << 20);
    driver.unmount(made);
    check("ext4", made.home().file("disk.img"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void btrfs_shrinks_mounted_and_unmounted(boolean mounted) throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("btrfs"));
    driver.mount(made);
    Files.write(made.data().resolve("file"), new byte[1 << 20]);
    if (!mounted) {
      driver.unmount(made);
    }
    long before = Files.size(made.home().file("disk.img"));

    Size smaller = new Size(before - (64 << 20));
    var _ = ((Resizes) driver.driver()).resize(made.volume(), made.home(), smaller, Secrets.NONE);

    assertThat(made.home().file("disk.img")).hasSize(smaller.bytes());
    if (!mounted) {
      driver.mount(made);
    }
    assertThat(made.data().resolve("file")).hasSize(1 << 20);
    assertThat(total(made)).isEqualTo(smaller.bytes());
    driver.unmount(made);
    check("btrfs", made.home().file("disk.img"));
  }

  @Test
  void a_frozen_volume_waits_with_writing() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4"));
    driver.mount(made);
    CompletableFuture<Path> writer;
    try (Freezes.Frozen _ = ((Freezes) driver.driver()).freeze(made.volume(), made.home())) {
      writer = writing(made.data().resolve("late"), "x");
      assertThat(made.data().resolve("late")).doesNotExist();
    }
    assertThat(writer.get()).hasContent("x");
    driver.unmount(made);
  }

  /** A file system that shares blocks, for the directory of the volumes. */
  private Path sharingBlocks(String fs) throws IOException, ToolException {
    Path image = machine.directory().resolve("host.img");
    Path place = Files.createDirectory(machine.directory().resolve("host"));
    tools.run(Tool.of("truncate", "-s", "400M", image.toString()));
    tools.run(
        fs.equals("xfs")
            ? Tool.of("mkfs.xfs", "-q", "-m", "reflink=1", image.toString())
            : Tool.of("mkfs.btrfs", "-q", image.toString()));
    tools.run(Tool.of("mount", "-o", "loop", image.toString(), place.toString()));
    return place;
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "btrfs"})
  void a_copy_that_shares_blocks_has_one_moment_and_is_read_while_others_write(String fs)
      throws Exception {
    Path place = sharingBlocks(fs);
    RealDriver driver = new RealDriver(LoopDriver.factory(Kernel::open), place);
    Made made = driver.create("db", Map.of("size", "64m"));
    driver.mount(made);
    Path file = Files.writeString(made.data().resolve("file"), "before");
    List<String> read = new ArrayList<>();
    try (Freezes.Copy copy =
        ((Freezes) driver.driver())
            .copy(made.volume(), made.home(), Duration.ofMinutes(1))
            .orElseThrow()) {
      // Fails if the volume is still frozen.
      writing(file, "after").get(1, TimeUnit.MINUTES);
      copy.read(data -> read.add(content(data.resolve("file"))));
      assertThat(made.home().file("frozen.img")).doesNotExist();
    }

    assertThat(read).containsExactly("before");
    assertThat(file).hasContent("after");
    assertThat(loops()).doesNotContain("frozen.img");
    driver.unmount(made);
    tools.run(Tool.of("umount", place.toString()));
  }

  private static CompletableFuture<Path> writing(Path file, String text) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.writeString(file, text);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void a_clone_of_a_mounted_volume_can_be_mounted_beside_it(String fs) throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options(fs));
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "before");
    VolumeHome home = driver.home("copy");
    Files.createDirectory(home.path());
    var copy = new Made(made.volume().withName(new VolumeName("copy")), home);

    ((Clones) driver.driver())
        .cloneFrom(
            made.volume(),
            made.home(),
            new CreateRequest(
                copy.volume(),
                home,
                driver.options(copy.volume()),
                Ownership.DEFAULT,
                Secrets.NONE));
    Files.writeString(made.data().resolve("file"), "after");
    driver.mount(copy);

    assertThat(copy.data().resolve("file")).hasContent("before");
    Files.writeString(copy.data().resolve("own"), "x");
    assertThat(made.data().resolve("own")).doesNotExist();
    driver.unmount(copy);
    driver.unmount(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void a_snapshot_of_a_mounted_volume_is_shown_beside_it(String fs) throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options(fs));
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "before");
    VolumeHome home = driver.home("kept");
    Files.createDirectory(home.path());
    Snapshots power = (Snapshots) driver.driver();

    power.snapshot(made.volume(), made.home(), home);
    Files.writeString(made.data().resolve("file"), "after");
    MountRequest request =
        new MountRequest(made.volume(), home, driver.options(made.volume()), Secrets.NONE);
    try (Snapshots.Shown shown = power.show(request);
        Snapshots.Shown again = power.show(request)) {
      assertThat(shown.data().resolve("file")).hasContent("before");
      assertThat(again.data().resolve("file")).hasContent("before");
      assertThatThrownBy(() -> Files.writeString(shown.data().resolve("own"), "x"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Read-only file system");
    }
    Path site = Files.createDirectory(machine.directory().resolve("site"));
    var context = new DriverContext(_ -> Optional.empty(), System.getenv(), _ -> {});
    var publisher = new LinuxPublisher(Kernel.open(context));
    try (Snapshots.Shown shown = power.show(request)) {
      publisher.publish(
          new MountContent.Unattached(shown.data()),
          new ResolvedTarget(site, List.of()),
          Access.DEFAULT);
    }
    assertThat(site.resolve("file")).hasContent("before");
    publisher.withdraw(site, false);

    assertThat(made.data().resolve("file")).hasContent("after");
    driver.unmount(made);
    assertThat(loops()).doesNotContain(machine.directory().toString());
  }

  @Test
  void an_image_that_is_gone_is_an_error() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4"));
    Files.delete(made.home().file("disk.img"));

    assertThatThrownBy(() -> driver.mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: its image is missing: " + made.home().file("disk.img"));
  }

  @Test
  void an_image_without_a_file_system_says_what_the_kernel_says() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("ext4"));
    Path image = made.home().file("disk.img");
    Files.write(image, new byte[8 << 20]);

    assertThatThrownBy(() -> driver.mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessageMatching("mount db: cannot mount /dev/loop\\d+ \\(ext4\\): .*");
    assertThat(loops()).doesNotContain(machine.directory().toString());
  }

  @Test
  void a_host_without_room_for_a_full_image_says_so() throws Exception {
    Path small = Files.createDirectory(machine.directory().resolve("small"));
    tools.run(Tool.of("mount", "-t", "tmpfs", "-o", "size=8m", "keg", small.toString()));
    try {
      RealDriver driver = new RealDriver(LoopDriver.factory(Kernel::open), small);

      assertThatThrownBy(() -> driver.create("db", Map.of("size", "64m", "allocate", "full")))
          .isInstanceOf(DriverFailed.class)
          .hasMessage("create db: cannot create the image of 64MiB: no space left on device");
      assertThat(small.resolve("staging")).isEmptyDirectory();
    } finally {
      tools.run(Tool.of("umount", small.toString()));
    }
  }
}
