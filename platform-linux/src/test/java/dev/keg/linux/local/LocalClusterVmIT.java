package dev.keg.linux.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.cephfs.CephFsDriver;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.gluster.GlusterDriver;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.rbd.RbdDriver;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * File systems that the local driver mounts through their own programs, with servers of this
 * machine, and a Ceph cluster beside it.
 */
@NeedsVm
class LocalClusterVmIT {
  // Thin LVM for Gluster's snapshots; udev is not running here.
  private static final String DISKS =
      """
      command -v lvcreate || exit 0
      modprobe dm_thin_pool
      cat >/etc/lvm/lvmlocal.conf <<END
      activation { udev_sync = 0 udev_rules = 0 monitoring = 0 }
      devices { obtain_device_list_from_udev = 0 }
      END
      vgcreate bricks /dev/vda
      lvcreate -L 800M -T bricks/pool -V 800M -n brick
      mkfs.ext4 -q /dev/mapper/bricks-brick
      mkdir /run/bricks
      mount /dev/mapper/bricks-brick /run/bricks
      """;

  // A brick needs extended attributes that neither an overlay nor a tmpfs keeps. Gluster refuses
  // the loopback address as a name, but not a name for it. If the program for replication to other
  // sites is installed, glusterd starts it, and so Python, more than thirty times: here it is not,
  // as files removed in this machine are not removed outside.
  private static final String GLUSTER =
      """
      rm -f /usr/lib*/glusterfs/gsyncd /usr/lib*/*/glusterfs/gsyncd
      mkdir /run/gluster /run/gluster-test /run/bricks/brick
      echo "127.0.0.1 localhost $(hostname)" >/etc/hosts
      cat >/run/gluster-test/vol <<END
      volume management
          type mgmt/glusterd
          option working-directory /run/gluster-test
          option run-directory /run/gluster-test
          option transport-type socket
          option transport.address-family inet
          option transport.socket.bind-address 127.0.0.1
      end-volume
      END
      glusterd -f /run/gluster-test/vol -p /run/gluster-test/pid -l /run/gluster-test/log
      gluster --mode=script volume create shared "$(hostname):/run/bricks/brick" force
      gluster --mode=script volume start shared
      """;

  // The cluster that LocalClusterVmIT.servers starts outside this machine.
  private static final String CEPH =
      """
      mkdir -p /etc/ceph
      cat >/etc/ceph/ceph.conf <<END
      [global]
      mon host = [v1:192.0.2.1:16789]
      auth client required = none
      END
      """;

  private static final String SSH =
      """
      mkdir -p /run/sshd /run/ssh /run/exported
      ssh-keygen -q -t ed25519 -N '' -f /run/ssh/host
      ssh-keygen -q -t ed25519 -N '' -f /run/ssh/user
      cat >/run/ssh/config <<END
      ListenAddress 127.0.0.1:2222
      HostKey /run/ssh/host
      AuthorizedKeysFile /run/ssh/user.pub
      PermitRootLogin yes
      StrictModes no
      UsePAM no
      Subsystem sftp internal-sftp
      END
      $(command -v sshd) -f /run/ssh/config
      """;

  @RegisterExtension final MachineState machine = new MachineState();

  @BeforeAll
  static void makeDisks() throws IOException, ToolException {
    serve(DISKS);
  }

  // Daemons would keep our pipes open.
  private static void serve(String script) throws IOException, ToolException {
    Path log = Path.of("/run/servers.log");
    try {
      var _ =
          new InstalledTools(System.getenv(), _ -> {})
              .run(
                  Tool.of("sh", "-c", "exec >/run/servers.log 2>&1 </dev/null; set -e\n" + script)
                      .withLimit(Duration.ofMinutes(4)));
    } catch (ToolException e) {
      throw new AssertionError(Files.readString(log), e);
    }
  }

  /**
   * A share of a server on this machine.
   *
   * @param missing a share that it does not serve
   * @param failure the helper's message for that
   */
  private record Served(
      String type, String device, String options, String missing, String failure) {
    Map<String, String> at(String place) {
      return options.isEmpty()
          ? Map.of("type", type, "device", place)
          : Map.of("type", type, "device", place, "o", options);
    }
  }

  /** Returns the mount as reported by the kernel. */
  private Mount mountsAndKeepsFiles(Served served) throws IOException {
    RealDriver driver =
        new RealDriver(
            LocalDriver.mountingBy(context -> new LinuxLocalMounts(Kernel.open(context))),
            machine.directory());
    Made made = driver.create("db", served.at(served.device()));
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "text");
    driver.mount(made);
    driver.unmount(made);
    assertThat(made.data()).isEmptyDirectory();
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasContent("text");
    Mount mounted = made.mounted();
    assertThat(mounted.type()).endsWith(served.type());
    driver.unmount(made);
    driver.remove(made);

    Made none = driver.create("none", served.at(served.missing()));
    assertThatThrownBy(() -> driver.mount(none))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("failed to mount local volume: ")
        .hasMessageContaining(served.failure());
    return mounted;
  }

  /** The same storage through its own driver. */
  private void keepsFiles(DriverFactory factory, Map<String, String> options) throws IOException {
    RealDriver driver =
        new RealDriver(factory, Files.createTempDirectory(machine.directory(), "driver"));
    Made made = driver.create("db", options);
    driver.mount(made);
    Files.writeString(made.data().resolve("of-driver"), "text");
    driver.unmount(made);
    assertThat(made.data()).isEmptyDirectory();
    driver.mount(made);
    assertThat(made.data().resolve("of-driver")).hasContent("text");
    driver.unmount(made);
    driver.remove(made);
  }

  @Test
  @NeedsTool(value = "glusterd", from = "glusterfs-server")
  @NeedsTool(value = "mount.glusterfs", from = "glusterfs-client")
  @NeedsTool(value = "lvcreate", from = "lvm2")
  @NeedsTool(value = "thin_check", from = "thin-provisioning-tools")
  void a_gluster_volume_is_mounted_by_its_helper() throws Exception {
    serve(GLUSTER);

    Mount mounted =
        mountsAndKeepsFiles(
            new Served("glusterfs", "127.0.0.1:/shared", "nosuid", "127.0.0.1:/none", "glusterfs"));

    assertThat(mounted.type()).isEqualTo("fuse.glusterfs");
    assertThat(mounted.options()).contains("nosuid");
    assertThat(Path.of("/run/bricks/brick/file")).hasContent("text");
    keepsFiles(
        GlusterDriver.factory(Kernel::open),
        Map.of("server", "127.0.0.1", "volume", "shared", "o", "nosuid"));
    assertThat(Path.of("/run/bricks/brick/of-driver")).hasContent("text");
    Files.createDirectory(Path.of("/run/whole"));
    serve("mount -t glusterfs 127.0.0.1:/shared /run/whole");
    Files.createDirectory(Path.of("/run/whole/limited"));
    serve("umount /run/whole");
    limitsKeepsAndCopies(
        GlusterDriver.factory(Kernel::open),
        Map.of("server", "127.0.0.1", "volume", "shared", "path", "/limited", "size", "64m"));
    serve("gluster --mode=script snapshot list | grep -q 'No snapshots'; lvs | (! grep _0)");
  }

  /** For an existing directory of a cluster's file system. */
  private void limitsKeepsAndCopies(DriverFactory factory, Map<String, String> options)
      throws IOException {
    RealDriver driver =
        new RealDriver(factory, Files.createTempDirectory(machine.directory(), "driver"));
    Made db = driver.create("db", options);
    driver.mount(db);
    assertThat(Files.getFileStore(db.data()).getTotalSpace()).isEqualTo(64 << 20);
    driver.unmount(db);
    keepsAndCopies(driver, db);
    driver.remove(db);
  }

  /** Leaves a snapshot in the home of the volume. */
  private static void keepsAndCopies(RealDriver driver, Made db) throws IOException {
    driver.mount(db);
    Files.writeString(db.data().resolve("file"), "before");
    driver.unmount(db);
    VolumeHome one = driver.snapshot(db, "one");
    Snapshots power = (Snapshots) driver.driver();
    assertThat(power.isCopied(db.volume(), one)).isFalse();
    driver.mount(db);
    Files.writeString(db.data().resolve("file"), "after");
    MountRequest request =
        new MountRequest(db.volume(), one, driver.options(db.volume()), Secrets.NONE);
    try (Snapshots.Shown first = power.show(request);
        Snapshots.Shown second = power.show(request)) {
      assertThat(first.data().resolve("file")).hasContent("before");
      assertThat(second.data().resolve("file")).hasContent("before");
    }
    driver.unmount(db);
    for (Made copy : List.of(driver.clone(db, one, "then"), driver.clone(db, db.home(), "copy"))) {
      driver.mount(copy);
      assertThat(copy.data().resolve("file"))
          .hasContent(copy.volume().name().text().equals("then") ? "before" : "after");
      driver.unmount(copy);
      driver.remove(copy);
    }
    power.discard(db.volume(), one);
    power.discard(db.volume(), one);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "KEG_VM_SERVERS",
      matches = "1",
      disabledReason = "no servers can be started outside the machine here")
  @NeedsTool(value = "ceph-mon", from = "ceph-mon")
  @NeedsTool(value = "ceph-osd", from = "ceph-osd")
  @NeedsTool(value = "ceph-mds", from = "ceph-mds")
  @NeedsTool(value = "mount.ceph", from = "ceph-common")
  @NeedsTool(value = "setfattr", from = "attr")
  void a_ceph_file_system_is_mounted_by_its_helper() throws Exception {
    serve(CEPH);

    Mount mounted =
        mountsAndKeepsFiles(
            new Served(
                "ceph",
                "192.0.2.1:16789:/",
                "name=admin",
                "192.0.2.1:16789:/none",
                "mount error 2 = No such file or directory"));

    assertThat(mounted.superOptions()).contains("name=admin");
    keepsFiles(CephFsDriver.factory(Kernel::open), Map.of("monitors", "192.0.2.1:16789"));
    keepsFiles(CephFsDriver.factory(Kernel::open), Map.of("fs", "shared"));
    limitsADirectory();
    growsAnImage();
  }

  private void limitsADirectory() throws Exception {
    RealDriver driver =
        new RealDriver(CephFsDriver.factory(Kernel::open), machine.directory().resolve("limits"));
    Made whole = driver.create("whole", Map.of("fs", "shared"));
    driver.mount(whole);
    Files.createDirectory(whole.data().resolve("limited"));
    driver.unmount(whole);
    driver.remove(whole);

    limitsKeepsAndCopies(
        CephFsDriver.factory(Kernel::open),
        Map.of("fs", "shared", "path", "/limited", "size", "64m"));
  }

  /** udev is not running in this machine. */
  private void growsAnImage() throws Exception {
    DriverFactory factory = RbdDriver.factory(Kernel::open);
    Map<String, String> options = Map.of("size", "64m", "o", "noudev");
    keepsFiles(factory, options);

    RealDriver driver = new RealDriver(factory, machine.directory().resolve("rbd"));
    Made db = driver.create("db", options);
    driver.mount(db);
    long before = Files.getFileStore(db.data()).getTotalSpace();
    driver.unmount(db);
    Options larger =
        ((Resizes) driver.driver())
            .resize(db.volume(), db.home(), Size.parseBinary("128m"), Secrets.NONE);
    driver.mount(db);
    assertThat(Files.getFileStore(db.data()).getTotalSpace()).isGreaterThan(before * 3 / 2);
    assertThat(larger.map()).containsEntry("size", "134217728");
    driver.unmount(db);
    keepsAndCopies(driver, db);
    driver.remove(db);
    serve("timeout 60 rbd ls | (! grep .)");
    assertThat(Path.of("/sys/bus/rbd/devices")).isEmptyDirectory();
  }

  @Test
  @NeedsTool(value = "sshd", from = "openssh-server")
  @NeedsTool(value = "mount.fuse.sshfs", from = "sshfs")
  void a_directory_of_another_machine_is_mounted_by_sshfs() throws Exception {
    serve(SSH);

    Mount _ =
        mountsAndKeepsFiles(
            new Served(
                "fuse.sshfs",
                "root@127.0.0.1:/run/exported",
                "port=2222,IdentityFile=/run/ssh/user,StrictHostKeyChecking=no,"
                    + "UserKnownHostsFile=/dev/null",
                "root@127.0.0.1:/none",
                "/none: No such file or directory"));

    assertThat(Path.of("/run/exported/file")).hasContent("text");
  }
}
