package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.Guest.Arguments;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that Keg has to mount are mounted each time systemd has booted a machine. */
@NeedsNative
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
@NeedsTool(value = "systemctl", from = "systemd")
@NeedsTime
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class MountsAtBootIT {
  private static final Path TEMPLATE =
      Path.of("packaging/systemd/keg-mount@.service").toAbsolutePath();
  private static final long DISK = 192 << 20;

  /** The machine's disk keeps the persistent data: the registry, and the operator's files. */
  private static final String DISKS =
      """
      modprobe -a virtio_blk loop dm_crypt
      mkdir -p /disk /var/lib/keg
      mount -t ext4 /dev/vda /disk
      mkdir -p /disk/keg
      mount --bind /disk/keg /var/lib/keg
      printf '#!/bin/sh\\nexec %s "$@"\\n' >/usr/bin/keg
      chmod +x /usr/bin/keg
      """;

  /** Keys are derived quickly. */
  private static final String MAKE =
      """
      mkdir /run/quick
      cat >/run/quick/cryptsetup <<'END'
      #!/bin/sh
      case $1 in
        luksFormat) shift; set -- luksFormat --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$@" ;;
      esac
      exec /sbin/cryptsetup "$@"
      END
      chmod +x /run/quick/cryptsetup
      export PATH=/run/quick:$PATH
      (umask 077; echo secret >/disk/key)
      keg create -d loop -o size=20m db
      keg create -d loop -o size=40m -o encrypted=true -o key-file=/disk/key secret
      keg mount db
      keg create -d overlay -o lower=db copy
      keg create base
      keg create -d overlay -o lower=base other
      for volume in db secret copy other; do
        echo $volume >$(keg mount $volume)/marker
      done
      for volume in copy db secret other; do
        keg unmount $volume
      done
      mkdir /disk/units
      keg render systemd -v secret:/srv/secret -v copy:/srv/copy --units /disk/units
      keg render fstab -v db:/srv/db -v other:/srv/other >/disk/fstab
      umount /var/lib/keg /disk
      echo MADE
      """;

  private static final String BOOT =
      """
      cp /disk/units/* /etc/systemd/system/
      cp %s /usr/lib/systemd/system/
      cp /disk/fstab /etc/fstab
      SYSTEMD_OFFLINE=1 systemctl -q enable srv-secret.mount srv-copy.mount
      """;

  /** At the end the volumes are left as after a power failure. */
  private static final String SEE =
      """
      exec >>/run/vm/out 2>>/run/vm/err
      cd /srv
      until [ -e /srv/copy/marker ] && [ -e secret/marker ] && [ -e db/marker ] && [ -e other/marker ]; do
        sleep 1
      done
      for volume in db secret copy other; do
        [ "$(cat $volume/marker)" = $volume ] || { echo "wrong volume on $volume"; break; }
        # It shows before systemd hears that mount(8) has ended.
        until systemctl -q is-active srv-$volume.mount; do sleep 1; done
        systemctl is-active keg-mount@$volume.service srv-$volume.mount
        echo again >>$volume/boots-$volume
        wc -l <$volume/boots-$volume
      done
      systemctl list-units --failed --no-legend 'keg-*' 'srv-*'
      sync
      echo SEEN
      /run/vm/end 0
      """;

  @TempDir Path directory;

  @BeforeAll
  static void a_machine_can_be_started() throws Exception {
    Guest.prepareSystemd();
  }

  @Test
  void systemd_has_them_mounted_after_each_boot() throws Exception {
    Path disk = directory.resolve("disk");
    try (FileChannel file =
        FileChannel.open(disk, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var _ = file.write(ByteBuffer.allocate(1), DISK - 1);
    }
    assertThat(new ProcessBuilder("mkfs.ext4", "-q", disk.toString()).start().waitFor()).isZero();
    Arguments machine = new Arguments("q35", "-drive file=%s,format=raw,if=virtio".formatted(disk));
    String disks = DISKS.formatted(BuiltProgram.path());
    try (Guest guest = Guest.start(machine, disks + MAKE, directory)) {
      guest.await("MADE");
      guest.end();
    }

    String script = disks + BOOT.formatted(TEMPLATE);
    for (int boot = 1; boot <= 2; boot++) {
      try (Guest guest =
          Guest.bootSystemd(machine, script, List.of("local-fs.target"), SEE, directory)) {
        for (int volume = 1; volume <= 4; volume++) {
          assertThat(guest.await("")).isEqualTo("active");
          assertThat(guest.await("")).isEqualTo("active");
          assertThat(guest.await("")).isEqualTo(Integer.toString(boot));
        }
        assertThat(guest.await("")).isEqualTo("SEEN");
        guest.end();
      }
    }
  }
}
