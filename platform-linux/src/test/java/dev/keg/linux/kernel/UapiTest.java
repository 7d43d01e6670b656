package dev.keg.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Compares our numbers with the C headers, through the compiler. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has these headers")
class UapiTest {
  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <stddef.h>
      #include <fcntl.h>
      #include <unistd.h>
      #include <sys/socket.h>
      #include <sys/vfs.h>
      #include <sys/syscall.h>
      #include <linux/mount.h>
      #include <linux/fs.h>
      #include <linux/loop.h>
      #include <linux/openat2.h>
      #include <linux/dqblk_xfs.h>
      #include <linux/btrfs.h>
      #include <linux/btrfs_tree.h>
      """;

  private static Map<String, Long> expectations() {
    Map<String, Long> all = new LinkedHashMap<>();
    offsets(all, "mount_attr", Uapi.MountAttr.SIZE);
    offset(all, "mount_attr", "attr_set", Uapi.MountAttr.ATTR_SET);
    offset(all, "mount_attr", "attr_clr", Uapi.MountAttr.ATTR_CLR);
    offset(all, "mount_attr", "propagation", Uapi.MountAttr.PROPAGATION);
    offset(all, "mount_attr", "userns_fd", Uapi.MountAttr.USERNS_FD);
    offsets(all, "ucred", Uapi.Ucred.SIZE);
    offset(all, "ucred", "pid", Uapi.Ucred.PID);
    offsets(all, "open_how", Uapi.OpenHow.SIZE);
    offset(all, "open_how", "flags", Uapi.OpenHow.FLAGS);
    offset(all, "open_how", "resolve", Uapi.OpenHow.RESOLVE);
    offsets(all, "loop_config", Uapi.LoopConfig.SIZE);
    offset(all, "loop_config", "fd", Uapi.LoopConfig.FD);
    offset(all, "loop_config", "block_size", Uapi.LoopConfig.BLOCK_SIZE);
    offset(all, "loop_config", "info", Uapi.LoopConfig.INFO);
    offsets(all, "loop_info64", Uapi.LoopInfo64.SIZE);
    offset(all, "loop_info64", "lo_offset", Uapi.LoopInfo64.LO_OFFSET);
    offset(all, "loop_info64", "lo_sizelimit", Uapi.LoopInfo64.LO_SIZELIMIT);
    offset(all, "loop_info64", "lo_flags", Uapi.LoopInfo64.LO_FLAGS);
    offset(all, "loop_info64", "lo_file_name", Uapi.LoopInfo64.LO_FILE_NAME);
    all.put("LO_NAME_SIZE", (long) Uapi.LoopInfo64.LO_NAME_SIZE);
    offsets(all, "statfs", Uapi.Statfs.SIZE);
    offset(all, "statfs", "f_type", Uapi.Statfs.F_TYPE);
    offset(all, "statfs", "f_bsize", Uapi.Statfs.F_BSIZE);
    offset(all, "statfs", "f_blocks", Uapi.Statfs.F_BLOCKS);
    offset(all, "statfs", "f_bfree", Uapi.Statfs.F_BFREE);
    offset(all, "statfs", "f_bavail", Uapi.Statfs.F_BAVAIL);
    offset(all, "statfs", "f_files", Uapi.Statfs.F_FILES);
    offset(all, "statfs", "f_ffree", Uapi.Statfs.F_FFREE);
    offset(all, "statfs", "f_fsid", Uapi.Statfs.F_FSID);
    offset(all, "statfs", "f_flags", Uapi.Statfs.F_FLAGS);
    offsets(all, "fsxattr", Uapi.Fsxattr.SIZE);
    offset(all, "fsxattr", "fsx_xflags", Uapi.Fsxattr.FSX_XFLAGS);
    offset(all, "fsxattr", "fsx_projid", Uapi.Fsxattr.FSX_PROJID);
    offsets(all, "fs_disk_quota", Uapi.FsDiskQuota.SIZE);
    offset(all, "fs_disk_quota", "d_version", Uapi.FsDiskQuota.D_VERSION);
    offset(all, "fs_disk_quota", "d_flags", Uapi.FsDiskQuota.D_FLAGS);
    offset(all, "fs_disk_quota", "d_fieldmask", Uapi.FsDiskQuota.D_FIELDMASK);
    offset(all, "fs_disk_quota", "d_id", Uapi.FsDiskQuota.D_ID);
    offset(all, "fs_disk_quota", "d_blk_hardlimit", Uapi.FsDiskQuota.D_BLK_HARDLIMIT);
    offset(all, "fs_disk_quota", "d_blk_softlimit", Uapi.FsDiskQuota.D_BLK_SOFTLIMIT);
    offset(all, "fs_disk_quota", "d_bcount", Uapi.FsDiskQuota.D_BCOUNT);
    offsets(all, "fs_quota_stat", Uapi.FsQuotaStat.SIZE);
    offset(all, "fs_quota_stat", "qs_flags", Uapi.FsQuotaStat.QS_FLAGS);
    offsets(all, "btrfs_ioctl_vol_args", Uapi.BtrfsVolArgs.SIZE);
    offset(all, "btrfs_ioctl_vol_args", "name", Uapi.BtrfsVolArgs.NAME);
    offsets(all, "btrfs_ioctl_vol_args_v2", Uapi.BtrfsVolArgs.SIZE);
    offset(all, "btrfs_ioctl_vol_args_v2", "flags", Uapi.BtrfsVolArgs.V2_FLAGS);
    offset(all, "btrfs_ioctl_vol_args_v2", "name", Uapi.BtrfsVolArgs.V2_NAME);
    offsets(all, "btrfs_ioctl_ino_lookup_args", Uapi.BtrfsVolArgs.SIZE);
    offset(all, "btrfs_ioctl_ino_lookup_args", "objectid", Uapi.BtrfsVolArgs.LOOKUP_OBJECTID);
    offsets(all, "btrfs_ioctl_get_subvol_rootref_args", Uapi.BtrfsVolArgs.SIZE);
    offset(
        all,
        "btrfs_ioctl_get_subvol_rootref_args",
        "num_items",
        Uapi.BtrfsVolArgs.ROOTREF_NUM_ITEMS);
    constants(all);
    return all;
  }

  private static void offsets(Map<String, Long> all, String struct, int size) {
    all.put("sizeof(struct " + struct + ")", (long) size);
  }

  private static void offset(Map<String, Long> all, String struct, String field, int offset) {
    all.put("offsetof(struct " + struct + ", " + field + ")", (long) offset);
  }

  /** Every number of Uapi, MountFlag and Propagation that C has under the same name. */
  private static void constants(Map<String, Long> all) {
    Arrays.stream(Uapi.class.getDeclaredFields())
        .filter(field -> !field.isSynthetic() && field.getType().isPrimitive())
        .filter(field -> !field.getName().startsWith("MNT_")) // sys/mount.h clashes, see below
        .filter(field -> !field.getName().startsWith("UMOUNT_"))
        .filter(field -> !field.getName().equals("SUBCMDSHIFT")) // sys/quota.h likewise
        .filter(field -> !field.getName().equals("PRJQUOTA"))
        .forEach(
            field -> {
              try {
                all.put(field.getName(), field.getLong(null));
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            });
    Map<MountFlag, String> suffixes =
        Map.of(MountFlag.READ_ONLY, "RDONLY", MountFlag.NOSYMFOLLOW, "NOSYMFOLLOW");
    for (MountFlag flag : MountFlag.values()) {
      String suffix = suffixes.getOrDefault(flag, flag.name());
      all.put("MS_" + suffix, MountFlag.legacy(Set.of(flag)));
      all.put("MOUNT_ATTR_" + suffix, MountFlag.attributes(Set.of(flag)));
    }
    for (Propagation propagation : Propagation.values()) {
      all.put("MS_" + propagation.name(), propagation.number());
    }
  }

  @Test
  @NeedsTool(value = "gcc", from = "gcc")
  void the_numbers_are_those_of_the_headers() throws IOException, InterruptedException {
    String program =
        HEADERS
            + expectations().entrySet().stream()
                .map(
                    entry ->
                        "_Static_assert((%s) == 0x%xL, \"%s\");\n"
                            .formatted(entry.getKey(), entry.getValue(), entry.getKey()))
                .collect(Collectors.joining());
    assertCompiles(program);
  }

  @Test
  @NeedsTool(value = "gcc", from = "gcc")
  void the_numbers_of_the_c_library_are_those_of_its_headers()
      throws IOException, InterruptedException {
    String program =
        """
        #include <sys/mount.h>
        #include <sys/quota.h>
        _Static_assert(MNT_DETACH == %d, "MNT_DETACH");
        _Static_assert(UMOUNT_NOFOLLOW == %d, "UMOUNT_NOFOLLOW");
        _Static_assert(SUBCMDSHIFT == %d, "SUBCMDSHIFT");
        _Static_assert(PRJQUOTA == %d, "PRJQUOTA");
        """
            .formatted(Uapi.MNT_DETACH, Uapi.UMOUNT_NOFOLLOW, Uapi.SUBCMDSHIFT, Uapi.PRJQUOTA);
    assertCompiles(program);
  }

  private static void assertCompiles(String program) throws IOException, InterruptedException {
    Process gcc =
        new ProcessBuilder("gcc", "-fsyntax-only", "-x", "c", "-")
            .redirectErrorStream(true)
            .start();
    try (var stdin = gcc.getOutputStream()) {
      stdin.write(program.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(gcc.waitFor()).as(output).isZero();
  }
}
