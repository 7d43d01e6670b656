package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.keg.activity.Counters;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.volume.Size;
import dev.keg.windows.win32.file.DescriptorText;
import dev.keg.windows.win32.file.FileDescriptors;
import dev.keg.windows.win32.file.FileDescriptors.Parts;
import dev.keg.windows.win32.file.FilePlace;
import dev.keg.windows.win32.file.FileStreams;
import dev.keg.windows.win32.file.OpenStream;
import dev.keg.windows.win32.file.PinnedDirectory;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The arguments as received on the other side of the binding, by a C library that gcc builds. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the fakes are for Linux")
@NeedsTool(value = "gcc", from = "gcc")
final class NativeBindingTest {
  private static final List<String> NAMES =
      List.of(
          "virtdisk",
          "kernel32",
          "fmifs",
          "netapi32",
          "computecore",
          "advapi32",
          "ntdll",
          "bindlink",
          "ole32",
          "oleaut32",
          "fakelog");
  private static final Path DISK = Path.of("/disks/größe.vhdx");
  private static final VolumeGuidPath VOLUME = new VolumeGuidPath("\\\\?\\Volume{1}\\");

  @TempDir(cleanup = CleanupMode.ALWAYS)
  @SuppressWarnings("NullAway.Init")
  static Path libraries;

  @SuppressWarnings("NullAway.Init")
  private static FakeLog log;

  private final Windows windows = new Windows(new SystemDlls());
  private final FileDescriptors descriptors = new FileDescriptors(windows.dlls());
  private final FileStreams streams = new FileStreams(windows.dlls());

  /** The arguments received since the previous call. */
  private interface FakeLog extends Library {
    String fake_log();
  }

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    Path source = libraries.resolve("fakes.c");
    try (InputStream in =
        Objects.requireNonNull(NativeBindingTest.class.getResourceAsStream("fakes.c"))) {
      Files.copy(in, source);
    }
    Path library = libraries.resolve("libfakes.so");
    Process gcc =
        new ProcessBuilder(
                "gcc", "-Wall", "-shared", "-fPIC", "-o", library.toString(), source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(said).isZero();
    for (String name : NAMES) {
      Files.createSymbolicLink(libraries.resolve("lib" + name + ".so"), library);
      NativeLibrary.addSearchPath(name, libraries.toString());
    }
    log = Native.load("fakelog", FakeLog.class);
  }

  @BeforeEach
  void forget() {
    String _ = arrived();
  }

  private static String arrived() {
    return log.fake_log();
  }

  @Test
  void a_dynamic_disk_is_asked_for() throws Win32Exception {
    windows
        .disks()
        .create(DISK, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("5t")));

    assertThat(arrived())
        .startsWith(
            "CreateVirtualDisk type 0 00000000 path /disks/gr<f6><df>e.vhdx mask 0 security (nil)"
                + " flags 0 provider 0 version 2 size 5497558138880 block 0 sector 512 parent -"
                + " source - open 0 resiliency 00000000 overlapped (nil)\n")
        .endsWith("CloseHandle 0x1111\n");
  }

  @Test
  void a_fixed_disk_is_asked_for() throws Win32Exception {
    windows
        .disks()
        .create(DISK, new BlankDisk(DiskFormat.VHDX, DiskKind.FIXED, Size.parseBinary("1g"), 4096));

    assertThat(arrived())
        .contains("flags 1 provider 0 version 2 size 1073741824 block 0 sector 4096");
  }

  @Test
  void a_child_is_asked_for() throws Win32Exception {
    windows.disks().differencing(DISK, Path.of("/disks/base.vhdx"));

    assertThat(arrived())
        .contains("version 2 size 0 block 0 sector 0 parent /disks/base.vhdx source - open 8");
  }

  @Test
  void a_disk_is_attached_for_good() throws Win32Exception {
    assertThat(windows.disks().attach(DISK, VirtualDisks.Access.READ_ONLY))
        .isEqualTo(new PhysicalDisk(42));

    assertThat(arrived())
        .isEqualTo(
            """
            OpenVirtualDisk type 0 path /disks/gr<f6><df>e.vhdx mask 0 flags 8 version 2 info 0 read-only 0
            OpenProcessToken -1 00000028
            LookupPrivilegeValue - SeManageVolumePrivilege
            AdjustTokenPrivileges 0xbbbb 0 count 1 luid 7 2 attributes 2 0 (nil) (nil)
            CloseHandle 0xbbbb
            AttachVirtualDisk 0x2222 flags 7 version 1 offset 0
            GetVirtualDiskPhysicalPath 0x2222 size 128
            CloseHandle 0x2222
            """);
  }

  @Test
  void a_disk_is_held_while_its_handle_is_open() throws Win32Exception {
    try (VirtualDisks.AttachedDisk _ = windows.disks().hold(DISK)) {
      assertThat(arrived())
          .contains("AttachVirtualDisk 0x2222 flags 2 version 1")
          .doesNotContain("CloseHandle 0x2222");
    }
    assertThat(arrived()).isEqualTo("CloseHandle 0x2222\n");
  }

  @Test
  void a_disk_is_detached_grown_compacted_and_asked_about() throws Win32Exception {
    windows.disks().detach(DISK);
    windows.disks().expand(DISK, Size.parseBinary("6t"));
    windows.disks().compact(DISK);
    assertThat(arrived())
        .contains(
            "DetachVirtualDisk 0x2222 flags 0 provider 0\n",
            "ExpandVirtualDisk 0x2222 flags 0 version 1 size 6597069766656\n",
            "CompactVirtualDisk 0x2222 flags 0 version 1\n");

    assertThat(windows.disks().size(DISK)).isEqualTo(Size.parseBinary("5t"));
    assertThat(windows.disks().attached(DISK)).contains(new PhysicalDisk(42));
    assertThat(arrived())
        .contains(
            "flags 0 version 2 info 1 read-only 0\n",
            "GetVirtualDiskInformation 0x2222 size 32 version 1\n",
            "GetVirtualDiskInformation 0x2222 size 32 version 13\n");
  }

  @Test
  void a_disk_that_is_held_to_be_read_is_compacted_quickly_or_fully() throws Win32Exception {
    try (VirtualDisks.AttachedDisk held =
        windows.disks().hold(DISK, VirtualDisks.Access.READ_ONLY)) {
      held.compact(VirtualDisks.Effort.QUICK);
      held.compact(VirtualDisks.Effort.FULL);
    }
    assertThat(arrived())
        .contains(
            "AttachVirtualDisk 0x2222 flags 3 version 1",
            "CompactVirtualDisk 0x2222 flags 1 version 1\n",
            "CompactVirtualDisk 0x2222 flags 0 version 1\n");
  }

  @Test
  void what_a_disk_did_is_asked_of_it_and_refs_keeps_checksums() throws Win32Exception {
    assertThat(windows.mountPoints().holding(Path.of("/data/db"))).isEmpty();
    assertThat(windows.volumes().disk(VOLUME)).contains(new PhysicalDisk(42));
    String _ = arrived();

    assertThat(windows.partitions().counters(new PhysicalDisk(42)))
        .isEqualTo(new Counters(4_294_967_295L, 5, 7, 6, OptionalLong.of(90), OptionalLong.of(3)));
    windows.volumes().protectFromRot(VOLUME);
    assertThat(arrived())
        .isEqualTo(
            """
            CreateFile \\\\.\\PhysicalDrive42 access 00000000 share 3 disposition 3 flags 0
            DeviceIoControl 0x3333 00070020 in 0 out 88
            CloseHandle 0x3333
            CreateFile \\\\?\\Volume{1}\\ access c0000000 share 3 disposition 3 flags 33554432
            DeviceIoControl 0x3333 0009c280 in 8 out 0 checksum 2 flags 0
            CloseHandle 0x3333
            """);
  }

  @Test
  void a_disk_is_partitioned() throws Win32Exception {
    windows.partitions().create(new PhysicalDisk(42));

    assertThat(arrived())
        .isEqualTo(
            """
            CreateFile \\\\.\\PhysicalDrive42 access c0000000 share 3 disposition 3 flags 0
            DeviceIoControl 0x3333 0007c0f4 in 40 out 0 size 40 attributes 0 mask 3
            DeviceIoControl 0x3333 0007c058 in 24 out 0 style 1 most 128
            DeviceIoControl 0x3333 00070140 in 0 out 0
            DeviceIoControl 0x3333 0007405c in 0 out 8
            DeviceIoControl 0x3333 000700a0 in 0 out 40
            DeviceIoControl 0x3333 0007c054 in 192 out 0 style 1 count 1 usable 1048576 65011712 partition 1 1048576 65011712 number 1 type ebd0a0a2 attributes 8000000000000000
            DeviceIoControl 0x3333 00070140 in 0 out 0
            CloseHandle 0x3333
            """);
  }

  @Test
  void a_volume_is_found_formatted_mounted_and_locked() throws Win32Exception {
    assertThat(windows.volumes().find(new PhysicalDisk(42))).contains(VOLUME);
    assertThat(arrived())
        .contains("CreateFile \\\\?\\Volume{1} access 00000000", "FindVolumeClose 0x4444\n");

    windows.volumes().format(VOLUME, VolumeFormat.FAT32, "a.very.long.name");
    assertThat(arrived())
        .isEqualTo(
            """
            FormatEx \\\\?\\Volume{1}\\ media 12 FAT32 label a_very_long quick 1 cluster 0
            went on: 1
            """);

    windows.mountPoints().mount(VOLUME, Path.of("/data"));
    windows.mountPoints().unmount(Path.of("/data"));
    assertThat(windows.mountPoints().mounted(Path.of("/data"))).isEmpty();
    assertThat(arrived())
        .isEqualTo(
            """
            SetVolumeMountPoint /data\\ \\\\?\\Volume{1}\\
            DeleteVolumeMountPoint /data\\
            GetVolumeNameForVolumeMountPoint /data\\ 64
            """);

    try (DiskVolumes.Locked _ = windows.volumes().lock(VOLUME)) {
      assertThat(arrived())
          .endsWith(
              """
              FlushFileBuffers 0x3333
              DeviceIoControl 0x3333 00090018 in 0 out 0
              DeviceIoControl 0x3333 00090020 in 0 out 0
              """);
    }
  }

  @Test
  void a_method_of_an_encryptable_volume_is_called_and_its_texts_are_overwritten()
      throws Win32Exception {
    windows.bitLocker().unlock(VOLUME, "pass".toCharArray());
    assertThat(arrived())
        .isEqualTo(
            """
            CoInitializeEx (nil) 0
            CoCreateInstance 4590f811 (nil) 1 dc12a687
            locator.ConnectServer ROOT\\CIMV2\\Security\\MicrosoftVolumeEncryption (nil) (nil) (nil) 0 (nil) (nil)
            CoSetProxyBlanket services 10 0 (nil) 6 3 (nil) 0
            services.GetObject Win32_EncryptableVolume 0 (nil) (nil)
            class.GetMethod UnlockWithPassphrase 0 (nil)
            signature.SpawnInstance 0
            input.Put Passphrase 0 text 4 pass 0
            services.ExecMethod Win32_EncryptableVolume.DeviceID="\\\\\\\\?\\\\Volume{1}\\\\" UnlockWithPassphrase 0 (nil) input (nil)
            output.Get ReturnValue 0 (nil) (nil)
            VariantClear 3
            Release output
            SysFreeString 20 ''
            SysFreeString 53 ''
            SysFreeString 4 ''
            Release input
            Release signature
            Release class
            SysFreeString 23 ''
            Release services
            SysFreeString 45 ''
            Release locator
            CoUninitialize
            """);

    try (BitLocker.RecoveryKey key =
        windows.bitLocker().encrypt(VOLUME, "pass phrase".toCharArray())) {
      assertThat(key.id()).isEqualTo("{id}");
      assertThat(key.digits().characters()).containsExactly('{', 'i', 'd', '}');
    }
    assertThat(arrived())
        .contains(
            "input.Put VolumeKeyProtectorID 0 text 4 {id} 0\n",
            "input.Put EncryptionFlags 0 type 3 65537 0\n",
            " GetProtectionStatus 0 (nil) - (nil)\n",
            "output.Get ProtectionStatus 0 (nil) (nil)\n",
            "VariantClear 8\nSysFreeString 4 ''\n");
    assertThatThrownBy(
            () -> windows.bitLocker().unlock(new VolumeGuidPath("{none}\\"), "pass".toCharArray()))
        .hasMessage("UnlockWithPassphrase {none}\\: BitLocker cannot encrypt this volume");
    assertThat(arrived()).endsWith("Release locator\nCoUninitialize\n");
  }

  /** As on Windows; here, a path begins with a slash. */
  private static Path ofWindows(String path) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (self, method, _) -> method.getName().equals("toString") ? path : self);
  }

  @Test
  void a_path_may_be_longer_than_260_characters() throws Exception {
    Path place = ofWindows("C:\\" + "p".repeat(300));
    Path data = ofWindows("C:\\" + "d".repeat(300));
    windows.mountPoints().mount(VOLUME, place);
    windows.mountPoints().show(data, place);
    windows.security().restrict(data);
    assertThat(windows.security().names(data)).isEqualTo(3);
    windows.disks().differencing(data, place);

    assertThat(arrived())
        .contains(
            "SetVolumeMountPoint \\\\?\\C:\\pppp",
            "CreateFile \\\\?\\C:\\pppp",
            "CreateFile \\\\?\\C:\\dddd",
            "SetNamedSecurityInfo \\\\?\\C:\\dddd",
            "path \\\\?\\C:\\dddd",
            "parent \\\\?\\C:\\pppp");
  }

  @Test
  void how_much_room_is_left_is_asked_for() throws Exception {
    assertThat(windows.volumes().room(VOLUME)).isEqualTo(Size.parseBinary("5t"));

    assertThat(arrived()).isEqualTo("GetDiskFreeSpaceEx \\\\?\\Volume{1}\\ 0 0\n");
  }

  /** However many one volume has. */
  @Test
  void all_mounts_are_listed() throws Exception {
    assertThat(windows.mountPoints().all())
        .containsExactly(
            new MountPoints.Mounted(VOLUME, Path.of("C:\\data")),
            new MountPoints.Mounted(VOLUME, Path.of("X:\\")));

    assertThat(arrived())
        .isEqualTo(
            """
            FindFirstVolume 64
            FindNextVolume 0x4444
            FindVolumeClose 0x4444
            GetVolumePathNamesForVolumeName \\\\?\\Volume{1}\\ 32768
            GetVolumePathNamesForVolumeName \\\\?\\Volume{1}\\ 40000
            """);
  }

  @Test
  void a_junction_is_examined_without_the_right_to_change_it() throws Win32Exception {
    assertThat(windows.mountPoints().shown(Path.of("/place"))).isEmpty();

    assertThat(arrived()).contains("CreateFile /place access 00000080 share 3 disposition 3");
  }

  @Test
  void a_directory_is_shown_by_a_junction_or_a_letter() throws Win32Exception {
    MountPoints points = windows.mountPoints();
    points.show(Path.of("/data"), Path.of("/place"));
    points.hide(Path.of("/place"));
    assertThat(arrived())
        .isEqualTo(
            """
            CreateFile /place access 40000000 share 3 disposition 3 flags 35651584
            DeviceIoControl 0x3333 000900a8 in 0 out 16384
            DeviceIoControl 0x3333 000900a4 in 48 out 0 tag a0000003 length 40 at 0 18 \\??\\/data, at 20 10 /data
            CloseHandle 0x3333
            CreateFile /place access 40000000 share 3 disposition 3 flags 35651584
            DeviceIoControl 0x3333 000900a8 in 0 out 16384
            DeviceIoControl 0x3333 000900ac in 8 out 0 tag a0000003 length 0
            CloseHandle 0x3333
            """);

    points.show(Path.of("/data"), Path.of("x:\\"));
    points.hide(Path.of("x:\\"));
    points.mount(VOLUME, Path.of("X:"));
    assertThat(arrived())
        .isEqualTo(
            """
            DefineDosDevice 0 X: /data
            QueryDosDevice X: 32768
            DefineDosDevice 7 X: \\??\\C:\\data
            SetVolumeMountPoint X:\\ \\\\?\\Volume{1}\\
            """);
  }

  @Test
  void a_volume_grows_with_its_disk_by_sectors_of_the_disks_size() throws Win32Exception {
    assertThat(windows.volumes().obstacleToGrowth(new PhysicalDisk(42))).isEmpty();
    assertThat(arrived())
        .contains(
            "DeviceIoControl 0x3333 00070050 in 0 out 18480\n",
            "GetVolumeInformation \\\\?\\Volume{1}\\ (nil) 0 (nil) (nil) (nil) length 64\n");

    windows.volumes().grow(new PhysicalDisk(42));

    assertThat(arrived())
        .contains(
            "DeviceIoControl 0x3333 0007c0c8 in 0 out 24\n",
            // The disk has 64 MiB, and the partition ends at 31.
            "DeviceIoControl 0x3333 0007c0d0 in 16 out 0 number 2 bytes 33554432\n",
            "DeviceIoControl 0x3333 000900f0 in 8 out 0 sectors 16384\n");
  }

  @Test
  void the_last_error_is_the_reason() {
    assertThatThrownBy(() -> Handle.open(new SystemDlls(), "fail", 0))
        .isInstanceOfSatisfying(
            Win32Exception.class, e -> assertThat(e.code()).isEqualTo(Win32Error.ACCESS_DENIED))
        .hasMessage("open fail: access denied");
  }

  @Test
  void a_share_is_mapped_and_unmapped() throws Win32Exception {
    try (var anna =
        new SmbCredentials("anna", Optional.of("OFFICE"), "geheim\u00df".toCharArray())) {
      windows.shares().map("\\\\files\\projects", Optional.of(anna), true);
    }
    windows.shares().map("\\\\files\\projects", Optional.empty(), false);
    assertThat(windows.shares().mapped("\\\\files\\projects")).isTrue();
    windows.shares().unmap("\\\\files\\projects");

    assertThat(arrived())
        .isEqualTo(
            """
            NetUseAdd - level 00010004 remote \\\\files\\projects password geheim<df> type 0 user anna domain OFFICE flags 272 identity 0 (nil)
            NetUseAdd - level 00010004 remote \\\\files\\projects password - type 0 user - domain - flags 256 identity 0 (nil)
            NetUseGetInfo - \\\\files\\projects 00010002
            NetApiBufferFree 0x5555
            NetUseDel - \\\\files\\projects 00010000
            """);
  }

  @Test
  void a_machine_is_given_a_disk() throws Win32Exception {
    windows.systems().grantAccess("vm1", Path.of("/disks/a.vhdx"));
    windows.systems().modify("vm1", "{\"RequestType\":\"Add\"}");
    windows.systems().revokeAccess("vm1", Path.of("/disks/a.vhdx"));

    assertThat(arrived())
        .isEqualTo(
            """
            HcsGrantVmAccess vm1 /disks/a.vhdx
            HcsOpenComputeSystem vm1 10000000
            HcsCreateOperation (nil) (nil)
            HcsModifyComputeSystem 0x7777 0x6666 {"RequestType":"Add"} (nil)
            HcsWaitForOperationResult 0x6666 60000
            LocalFree {"ErrorMessage":"told so"}
            HcsCloseOperation 0x6666
            HcsCloseComputeSystem 0x7777
            HcsRevokeVmAccess vm1 /disks/a.vhdx
            """);
  }

  @Test
  void a_container_is_asked_what_it_is() throws Win32Exception {
    assertThat(windows.systems().look("5f3c"))
        .contains(new ComputeSystems.ComputeSystem("Container", "8E1A", true));

    assertThat(arrived())
        .contains(
            """
            HcsOpenComputeSystem 5f3c 10000000
            HcsCreateOperation (nil) (nil)
            HcsGetComputeSystemProperties 0x7777 0x6666 -
            HcsWaitForOperationResult 0x6666 60000
            """)
        .contains("HcsCloseOperation 0x6666\nHcsCloseComputeSystem 0x7777\n");
    assertThat(windows.systems().look("fail")).isEmpty();
  }

  @Test
  void the_time_of_the_boot_is_asked_for() throws Win32Exception {
    assertThat(windows.bootId()).isEqualTo("1db000000000100");
    assertThat(arrived()).isEqualTo("NtQuerySystemInformation 3 48 (nil)\n");
  }

  @Test
  void a_machine_that_is_not_there_is_reported() {
    assertThatThrownBy(() -> windows.systems().modify("fail", "{}"))
        .hasMessage("HcsOpenComputeSystem fail: no such machine or container");
  }

  @Test
  void accounts_are_looked_up_and_own() throws Win32Exception {
    var grants =
        new Grants(
            Optional.of("bob"), List.of(new Grants.Grant("OFFICE\\anna", Grants.Right.READ)));

    windows.security().restrict(VOLUME, grants);

    assertThat(arrived())
        .startsWith(
            """
            LookupAccountName - bob 68 256
            ConvertSidToStringSid bob
            LocalFree S-1-5-bob
            LookupAccountName - OFFICE\\anna 68 256
            ConvertSidToStringSid OFFICE\\anna
            LocalFree S-1-5-OFFICE\\anna
            ConvertStringSecurityDescriptor O:S-1-5-bobD:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;S-1-5-OFFICE\\anna) 1 (nil)
            OpenProcessToken -1 00000028
            LookupPrivilegeValue - SeRestorePrivilege
            """)
        .contains(
            """
            GetSecurityDescriptorOwner 0x9999
            SetNamedSecurityInfo \\\\?\\Volume{1}\\ 1 00000001 0xcccc (nil) (nil) (nil)
            GetSecurityDescriptorDacl 0x9999
            """);
  }

  @Test
  void a_directory_is_for_its_owner_and_administrators() throws Win32Exception {
    windows.security().restrict(Path.of("/data"));
    assertThat(windows.security().names(Path.of("/data/disk"))).isEqualTo(3);

    assertThat(arrived())
        .startsWith(
            """
            ConvertStringSecurityDescriptor D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY) 1 (nil)
            GetSecurityDescriptorDacl 0x9999
            SetNamedSecurityInfo /data 1 80000004 (nil) (nil) 0xaaaa (nil)
            LocalFree descriptor
            """);
  }

  @Test
  void a_file_of_a_tree_is_described_and_restored() throws Win32Exception {
    FilePlace file = new FilePlace(Path.of("/data/table"), false);

    String list = "O:BAG:SYD:AI(A;ID;FA;;;SY)";
    assertThat(descriptors.read(file, Parts.ALL_BUT_AUDITS)).isEqualTo(list);
    descriptors.set(file, new DescriptorText(list), Parts.ALL_BUT_AUDITS);
    descriptors.set(
        new FilePlace(Path.of("/data"), true),
        new DescriptorText("D:PAI(A;;FA;;;SY)"),
        Parts.ACCESS);

    assertThat(arrived())
        .isEqualTo(
            """
            CreateFile /data/table access 00020000 share 7 disposition 3 flags 35651584
            GetSecurityInfo 0x3333 1 7 (nil) (nil) (nil) (nil)
            ConvertSecurityDescriptorToString 0x9999 1 7 (nil)
            LocalFree O:BAG:SYD:AI(A;ID;FA;;;SY)
            LocalFree descriptor
            CloseHandle 0x3333
            ConvertStringSecurityDescriptor O:BAG:SYD:ARAI(A;ID;FA;;;SY) 1 (nil)
            CreateFile /data/table access 000c0000 share 7 disposition 3 flags 35651584
            SetKernelObjectSecurity 0x3333 7 0x9999
            CloseHandle 0x3333
            LocalFree descriptor
            ConvertStringSecurityDescriptor D:PARAI(A;;FA;;;SY) 1 (nil)
            CreateFile /data access 00040000 share 7 disposition 3 flags 33554432
            SetKernelObjectSecurity 0x3333 4 0x9999
            CloseHandle 0x3333
            LocalFree descriptor
            """);
  }

  @Test
  void what_is_audited_is_asked_for_and_set_with_a_privilege() throws Win32Exception {
    FilePlace file = new FilePlace(Path.of("/data/table"), false);

    assertThat(descriptors.enableAudits(Path.of("/data"))).isTrue();
    String _ = descriptors.read(file, Parts.ALL);
    descriptors.set(file, new DescriptorText("D:AI(A;;FA;;;SY)S:AI(AU;SA;FA;;;WD)"), Parts.LISTS);

    assertThat(arrived())
        .contains(
            "LookupPrivilegeValue - SeSecurityPrivilege\n",
            "CreateFile /data access 01000000 share 7 disposition 3 flags 33554432\n",
            "CreateFile /data/table access 01020000 share 7 disposition 3 flags 35651584\n",
            "GetSecurityInfo 0x3333 1 15 (nil) (nil) (nil) (nil)\n",
            "ConvertSecurityDescriptorToString 0x9999 1 15 (nil)\n",
            "ConvertStringSecurityDescriptor D:ARAI(A;;FA;;;SY)S:ARAI(AU;SA;FA;;;WD) 1 (nil)\n",
            "CreateFile /data/table access 01040000 share 7 disposition 3 flags 35651584\n",
            "SetKernelObjectSecurity 0x3333 12 0x9999\n");
  }

  @Test
  void parts_of_a_stream_are_read_and_written() throws Win32Exception {
    FilePlace file = new FilePlace(Path.of("/data/table"), false);
    ByteBuffer buffer = ByteBuffer.allocateDirect(9).position(1).limit(6);

    try (OpenStream stream = streams.open(file, "note")) {
      assertThat(stream.read(buffer, 5_000_000_001L)).isEqualTo(3);
      assertThat(buffer.position()).isEqualTo(4);
    }
    try (OpenStream stream = streams.create(file, "note")) {
      stream.write(
          buffer.clear().put("xremark".getBytes(StandardCharsets.UTF_8)).flip().position(1), 7);
      stream.size(5_000_000_000L);
      stream.flush();
    }
    streams.remove(file, "note");

    assertThat(arrived())
        .isEqualTo(
            """
            CreateFile /data/table:note access 80000000 share 7 disposition 3 flags 35651584
            ReadFile 0x3333 5 at 5000000001
            CloseHandle 0x3333
            CreateFile /data/table:note access 40000000 share 7 disposition 1 flags 35651584
            WriteFile 0x3333 remark at 7
            WriteFile 0x3333 rk at 11
            SetFileInformationByHandle 0x3333 6 5000000000 8
            FlushFileBuffers 0x3333
            CloseHandle 0x3333
            DeleteFile /data/table:note
            """);
  }

  @Test
  void a_directory_is_held_where_it_is() throws Win32Exception {
    try (PinnedDirectory pinned = PinnedDirectory.of(windows.dlls(), Path.of("/data/sub"))) {
      assertThat(pinned.path()).isEqualTo(Path.of("/real/data"));
      assertThat(arrived())
          .containsPattern(
              "CreateFile /data/sub/.keg-pin-[0-9a-f-]{36} access 00010000 share 3 disposition 1"
                  + " flags 67108866\n"
                  + "GetFinalPathNameByHandle 0x3333 32768 0\n$");
      assertThat(pinned.isWithin(Path.of("/data"))).isTrue();
      assertThat(arrived())
          .startsWith("CreateFile /data access 00000000 share 7 disposition 3 flags 33554432\n");
    }
    assertThat(arrived()).isEqualTo("CloseHandle 0x3333\n");
  }

  @Test
  void a_directory_is_linked_read_only() throws Win32Exception {
    windows.bindLinks().create(Path.of("/data"), Path.of("/links/one"));
    windows.bindLinks().remove(Path.of("/links/one"));
    windows.bindLinks().remove(Path.of("gone"));
    assertThatThrownBy(() -> windows.bindLinks().remove(Path.of("fail")))
        .hasMessage("RemoveBindLink fail: access denied");

    assertThat(arrived())
        .startsWith("CreateBindLink /links/one /data 1 0 (nil)\nRemoveBindLink /links/one\n");
  }

  @Test
  void streams_are_listed_read_and_written() throws Win32Exception {
    FilePlace file = new FilePlace(Path.of("/data/table"), false);

    List<FileStreams.Stream> found = streams.of(file);
    assertThat(found).containsExactly(new FileStreams.Stream("note", 5));
    assertThat(streams.read(file, found.getFirst())).asString().isEqualTo("abcab");
    streams.write(file, "note", "remark".getBytes(StandardCharsets.UTF_8));
    assertThat(streams.changed(file)).isEqualTo(Instant.ofEpochSecond(1, 100));

    assertThat(arrived())
        .isEqualTo(
            """
            FindFirstStream /data/table 0 0
            FindNextStream 0x4545
            FindNextStream 0x4545
            FindClose 0x4545
            CreateFile /data/table:note access 80000000 share 7 disposition 3 flags 35651584
            ReadFile 0x3333 5 at -1
            ReadFile 0x3333 2 at -1
            CloseHandle 0x3333
            CreateFile /data/table:note access 40000000 share 7 disposition 2 flags 35651584
            WriteFile 0x3333 remark at -1
            WriteFile 0x3333 rk at -1
            FlushFileBuffers 0x3333
            CloseHandle 0x3333
            CreateFile /data/table access 00000080 share 7 disposition 3 flags 35651584
            GetFileInformationByHandleEx 0x3333 0 40
            CloseHandle 0x3333
            """);
  }
}
