package dev.keg.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.Guest.Arguments;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.BufferedReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that writes to its disks, one of them encrypted, with an agent that freezes them. */
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "qemu-img", from = "qemu-utils")
@NeedsTool(value = "qemu-ga", from = "qemu-guest-agent")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@NeedsTime
class RunningGuestIT {
  /** A mounted file system has this mark, except while it is frozen. */
  private static final String IN_USE = "needs_recovery";

  private static final String SCRIPT =
      """
      modprobe virtio_blk
      modprobe virtio_console
      mkdir -p /mnt/db /mnt/secret
      mount -t ext4 /dev/vda /mnt/db
      mount -t ext4 /dev/vdb /mnt/secret
      echo "of the guest" >/mnt/secret/file
      echo before >/mnt/db/file
      printf '#!/bin/sh\\necho $1 >>/run/hooks\\n' >/run/hook
      chmod +x /run/hook
      until ls /dev/vport*p1; do sleep 0.1; done
      qemu-ga -m virtio-serial -p /dev/vport*p1 -F/run/hook -l /run/log &
      echo READY
      until [ "$(tail -n 1 /run/hooks 2>&1)" = thaw ]; do sleep 0.1; done
      echo after >/mnt/db/late
      umount /mnt/db /mnt/secret
      echo WRITTEN
      """;

  @TempDir Path directory;

  @BeforeAll
  static void a_machine_can_be_started() throws Exception {
    Guest.prepare();
  }

  /** Makes key derivation quick, also for programs that open the disks with these keys. */
  @BeforeEach
  void make_keys_quick() throws Exception {
    Path quick = Files.createDirectory(directory.resolve("bin")).resolve("qemu-img");
    Files.writeString(quick, QUICK);
    Files.setPosixFilePermissions(quick, PosixFilePermissions.fromString("rwx------"));
  }

  private static final String QUICK =
      """
      #!/bin/sh
      for word; do
        shift
        case $word in
          encrypt.format=luks,*) word=$word,encrypt.iter-time=10 ;;
          key-secret=*) word=$word,iter-time=10 ;;
        esac
        set -- "$@" "$word"
      done
      exec /usr/bin/qemu-img "$@"
      """;

  private String keg(String... arguments) throws Exception {
    String path = at("bin") + ":/usr/bin:/bin:/usr/sbin:/sbin";
    return output(BuiltProgram.run(Map.of("PATH", path, "KEG_ROOT", at("root")), arguments));
  }

  private static String run(List<String> line) throws Exception {
    return output(
        new ProcessRunner(
                line, Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"), Duration.ofMinutes(2))
            .run(new Invocation(List.of(), "", Map.of())));
  }

  private static String output(Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private String disk(String volume, String format) {
    return at("root/volumes/" + volume + "/disk." + format);
  }

  /** The output of debugfs(8) for a raw disk. */
  private static String debugfs(String disk, String request) throws Exception {
    return run(List.of("debugfs", "-R", request, disk));
  }

  /** The agent must be running before a test with a time limit needs it. */
  private void awaitAgent() throws Exception {
    try (SocketChannel agent = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.connect(UnixDomainSocketAddress.of(at("agent")));
      var _ = agent.write(ByteBuffer.wrap("{\"execute\":\"guest-ping\"}\n".getBytes(UTF_8)));
      BufferedReader answers = new BufferedReader(Channels.newReader(agent, UTF_8));
      assertThat(answers.readLine()).contains("return");
    }
  }

  @Test
  void its_agent_freezes_what_is_copied_and_its_encrypted_disk_is_read_by_it() throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "xyzzy");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.createDirectory(directory.resolve("repo"));
    keg("create", "-d", "image", "-o", "size=32m", "db");
    keg(
        "create",
        "-d",
        "image",
        "-o",
        "size=32m",
        "-o",
        "encrypted=true",
        "-o",
        "key-file=" + key,
        "secret");
    keg("attach", "db", "vm1");
    keg("attach", "secret", "vm1");
    String arguments =
        keg("render", "qemu", "--vm", "vm1").replace('\n', ' ')
            + "-qmp unix:%s,server=on,wait=off".formatted(at("qmp"))
            + " -chardev socket,id=agent,path=%s,server=on,wait=off".formatted(at("agent"))
            + " -device virtio-serial"
            + " -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0";

    Path busy = directory.resolve("busy");
    try (Guest guest = Guest.start(new Arguments("q35", arguments), SCRIPT, directory)) {
      guest.await("READY");
      Files.copy(Path.of(disk("db", "raw")), busy);
      awaitAgent();
      keg("backup", "--to", at("repo"), "--qmp", at("qmp"), "--quiesce", at("agent"), "db");
      guest.await("WRITTEN");
      guest.end();
    }

    keg("restore", "--from", at("repo"), "--to", "frozen", "db");
    String frozen = disk("frozen", "raw");
    assertThat(debugfs(busy.toString(), "features")).contains(IN_USE);
    assertThat(debugfs(frozen, "features")).doesNotContain(IN_USE);
    assertThat(debugfs(frozen, "cat /file")).isEqualTo("before\n");
    assertThat(debugfs(frozen, "cat /late")).isEmpty();
    assertThat(debugfs(disk("db", "raw"), "cat /late")).isEqualTo("after\n");
    run(
        List.of(
            "qemu-img",
            "convert",
            "--object",
            "secret,id=key,file=" + key,
            "--image-opts",
            "driver=qcow2,encrypt.key-secret=key,file.driver=file,file.filename="
                + disk("secret", "qcow2"),
            "-O",
            "raw",
            at("plain")));
    assertThat(debugfs(at("plain"), "cat /file")).isEqualTo("of the guest\n");
  }

  /**
   * A boot sector that writes the text after it to the first serial port.
   *
   * <pre>
   * cli; cld; xor ax, ax; mov ds, ax; mov si, 0x7c17; mov dx, 0x3f8
   * next: lodsb; test al, al; jz end; out dx, al; jmp next
   * end: hlt; jmp end
   * </pre>
   */
  private static final String BOOT_SECTOR = "fafc31c08ed8be177cbaf803ac84c07403eeebf8f4ebfd";

  private static final String BOOTED = "booted from the disk";

  private Path bootable() throws Exception {
    byte[] disk = new byte[1 << 20];
    byte[] program = HexFormat.of().parseHex(BOOT_SECTOR);
    byte[] text = (BOOTED + "\r\n").getBytes(UTF_8);
    System.arraycopy(program, 0, disk, 0, program.length);
    System.arraycopy(text, 0, disk, program.length, text.length);
    disk[510] = 0x55;
    disk[511] = (byte) 0xAA;
    return Files.write(directory.resolve("bootable"), disk);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "raw"})
  void a_machine_boots_from_an_encrypted_disk(String format) throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "xyzzy");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    keg(
        "create",
        "-d",
        "image",
        "-o",
        "from=" + bootable(),
        "-o",
        "format=" + format,
        "-o",
        "encrypted=true",
        "-o",
        "key-file=" + key,
        "--attach",
        "vm1:rootfs",
        "system");
    Path disk = Path.of(keg("inspect", "--format", "{{.Status.disk}}", "system").strip());
    assertThat(new String(Files.readAllBytes(disk), ISO_8859_1)).doesNotContain(BOOTED);

    String line =
        "exec qemu-system-x86_64 -nodefaults -display none -serial stdio "
            + keg("render", "qemu", "--vm", "vm1").replace('\n', ' ');
    Process machine = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
    try (BufferedReader said = machine.inputReader(ISO_8859_1)) {
      assertThat(said.lines().anyMatch(text -> text.contains(BOOTED))).isTrue();
    } finally {
      machine.destroyForcibly().waitFor();
    }
  }
}
