package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.file.DirectoryEntries;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.windows.win32.Grants.Grant;
import dev.keg.windows.win32.Grants.Right;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fake answers call by call like wine, an independent implementation of these calls. A dash is
 * the answer of a wine without the call.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "wine is for Linux")
@NeedsTool(value = "wine", from = "wine")
@NeedsTool(value = "x86_64-w64-mingw32-gcc", from = "gcc-mingw-w64-x86-64")
final class WineAnswersIT {
  private static final int SIZE = 32_768;

  /** 1970 in the time units of Windows. */
  private static final long EPOCH = 116_444_736_000_000_000L;

  /** An existing directory of wine, and of the fake. */
  private static final String DIRECTORY = "C:\\windows";

  private final Path dir;
  private final FakeWindows fake;

  WineAnswersIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    this.fake = new FakeWindows(Files.createDirectory(dir.resolve("contents")));
  }

  @Test
  void they_are_the_same() throws Exception {
    List<String> calls = calls(DIRECTORY);
    List<String> wine = wine(calls);
    List<String> here = new ArrayList<>();
    calls(dir.toString()).forEach(call -> here.addAll(answers(call.split("\\|", -1))));

    List<String> expected = wine.stream().map(WineAnswersIT::plain).toList();
    assertThat(here).hasSameSizeAs(expected);
    for (int i = 0; i < here.size(); i++) {
      if (!expected.get(i).equals("-")) {
        assertThat(plain(here.get(i).replace(dir.toString(), DIRECTORY)))
            .as("answer %d of %s", i, calls)
            .isEqualTo(expected.get(i));
      }
    }
    assertThat(expected).filteredOn(answer -> !answer.equals("-")).hasSizeGreaterThan(26);
  }

  /** Keg's calls to Windows, in their usual order. */
  private List<String> calls(String directory) throws Win32Exception {
    FileSecurity security = new FileSecurity(fake);
    Grants grants =
        new Grants(
            Optional.of("S-1-5-32-544"),
            List.of(
                new Grant("S-1-5-21-1-2-3-1000", Right.READ),
                new Grant("S-1-5-21-1-2-3-1001", Right.RW),
                new Grant("S-1-1-0", Right.FULL)));
    return List.of(
        "sddl|" + security.descriptor(Grants.NONE),
        "sddl|" + security.descriptor(grants),
        "sddl|D:(A;OICI;FA;;;SY)S:(AU;SAFA;FA;;;WD)",
        "volumes",
        "name|" + directory + "\\",
        "names|\\\\?\\Volume{00000000-0000-0000-0000-000000000000}\\",
        "reparse|" + directory,
        "define|0|X:|" + directory,
        "query|X:",
        "define|7|X:|\\??\\" + directory,
        "define|7|X:|\\??\\" + directory,
        "query|X:",
        "holding|" + directory + "\\file",
        "lists|C:\\",
        "room|C:\\",
        "describe|" + directory,
        "describe|" + directory + "|D:PARAI(A;OICI;FA;;;WD)",
        "describe|" + directory + "\\missing",
        "mount|" + directory + "\\|\\\\?\\Volume{00000000-0000-0000-0000-000000000000}\\",
        "unmount|" + directory + "\\",
        "pin|" + directory,
        "make|" + directory + "\\made|O:BAG:BAD:P(A;OICI;FA;;;BA)",
        "make|" + directory + "\\made|O:BAG:BAD:P(A;OICI;FA;;;BA)",
        "changed|" + directory,
        "streams|" + directory);
  }

  /** Replaces names of volumes, and names that wine spells differently. */
  private static String plain(String answer) {
    return answer
        .strip()
        .replaceAll("Volume\\{[^}]*}", "Volume{}")
        .replace("S-1-5-32-544", "BA")
        .replace("S-1-1-0", "WD");
  }

  private List<String> wine(List<String> calls) throws IOException, InterruptedException {
    Path source = dir.resolve("calls.c");
    try (InputStream in =
        Objects.requireNonNull(WineAnswersIT.class.getResourceAsStream("calls.c"))) {
      Files.copy(in, source);
    }
    Path program = dir.resolve("calls.exe");
    Path _ = Files.createDirectory(dir.resolve("temporary"));
    String _ =
        run(
            "",
            "x86_64-w64-mingw32-gcc",
            "-o",
            program.toString(),
            source.toString(),
            "-ladvapi32");
    try {
      // The first program in a new prefix comes after its set-up.
      String answers = run(String.join("\n", calls) + "\n", "wine", program.toString());
      return oneForAllVolumes(answers.lines().toList());
    } finally {
      // It fails if the server has ended by itself.
      int _ = exit("", "wineserver", "-k");
      // They lead out of the directory, to the root and to serial ports.
      for (Path link : DirectoryEntries.of(dir.resolve("prefix/dosdevices"))) {
        Files.delete(link);
      }
    }
  }

  /** Systems differ in their number of volumes. */
  private static List<String> oneForAllVolumes(List<String> answers) {
    List<String> kept = new ArrayList<>();
    for (String answer : answers) {
      if (kept.isEmpty()
          || !plain(answer).contains("Volume{}")
          || !plain(kept.getLast()).equals(plain(answer))) {
        kept.add(answer);
      }
    }
    return kept;
  }

  private String run(String input, String... command) throws IOException, InterruptedException {
    assertThat(exit(input, command)).as(Files.readString(dir.resolve("errors"))).isZero();
    return Files.readString(dir.resolve("output"));
  }

  private int exit(String input, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("DISPLAY");
    builder.environment().remove("WINEARCH");
    builder.environment().put("HOME", dir.toString());
    // Debian's wine leaves a directory of its server there.
    builder.environment().put("TMPDIR", dir.resolve("temporary").toString());
    builder.environment().put("WINEPREFIX", dir.resolve("prefix").toString());
    builder.environment().put("WINEDEBUG", "-all");
    builder.environment().put("WINEDLLOVERRIDES", "mscoree,mshtml=");
    Process process =
        builder
            .redirectInput(Files.writeString(dir.resolve("input"), input).toFile())
            .redirectOutput(dir.resolve("output").toFile())
            .redirectError(dir.resolve("errors").toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  private List<String> answers(String... call) {
    Memory out = WideString.allocate(SIZE);
    Kernel32 kernel32 = fake.kernel32();
    return switch (call[0]) {
      case "sddl" -> List.of("1 0 " + call[1]);
      case "volumes" -> oneForAllVolumes(volumes(out));
      case "name" ->
          List.of(
              answer(
                  kernel32.GetVolumeNameForVolumeMountPointW(WideString.of(call[1]), out, SIZE)));
      case "names" ->
          List.of(
              answer(
                  kernel32.GetVolumePathNamesForVolumeNameW(
                      WideString.of(call[1]), out, SIZE, new IntByReference())));
      case "reparse" -> reparse(WideString.of(call[1]));
      case "define" ->
          List.of(
              answer(
                  kernel32.DefineDosDeviceW(
                      Integer.parseInt(call[1]), WideString.of(call[2]), WideString.of(call[3]))));
      case "query" -> {
        int result = kernel32.QueryDosDeviceW(WideString.of(call[1]), out, SIZE);
        int beyondPath = result == 0 ? 0 : result - dir.toString().length() + DIRECTORY.length();
        yield List.of(answer(beyondPath) + WideString.read(out));
      }
      case "lists" -> {
        var flags = new IntByReference();
        int done =
            kernel32.GetVolumeInformationW(
                WideString.of(call[1]), null, 0, null, null, flags, out, SIZE);
        boolean lists = (flags.getValue() & Kernel32.FILE_PERSISTENT_ACLS) != 0;
        yield List.of(answer(done) + (lists ? "lists" : "no lists"));
      }
      case "room" -> {
        var free = new LongByReference();
        int done = kernel32.GetDiskFreeSpaceExW(WideString.of(call[1]), free, null, null);
        yield List.of(answer(done) + (free.getValue() > 0 ? "room" : "full"));
      }
      case "describe" -> describe(call);
      case "pin" -> pin(call[1], out);
      case "make" -> List.of(answer(make(call[1].replace('\\', '/'), call[2])));
      case "changed" -> changed(call[1]);
      case "streams" -> {
        Pointer search =
            kernel32.FindFirstStreamW(
                WideString.of(call[1]), 0, new Kernel32.WIN32_FIND_STREAM_DATA(), 0);
        yield List.of(answer(isHandle(search)));
      }
      case "mount" ->
          List.of(
              answer(
                  kernel32.SetVolumeMountPointW(WideString.of(call[1]), WideString.of(call[2]))));
      case "unmount" -> List.of(answer(kernel32.DeleteVolumeMountPointW(WideString.of(call[1]))));
      case "holding" ->
          List.of(
              answer(
                      kernel32.GetVolumePathNameW(
                          WideString.of(call[1].replace('\\', '/')), out, SIZE))
                  + WideString.read(out));
      default -> throw new AssertionError(call[0]);
    };
  }

  private List<String> volumes(Memory out) {
    List<String> answers = new ArrayList<>();
    Pointer search = fake.kernel32().FindFirstVolumeW(out, SIZE);
    do {
      answers.add("1 0 " + WideString.read(out));
    } while (fake.kernel32().FindNextVolumeW(search, out, SIZE) != 0);
    answers.add(answer(0));
    answers.add(answer(fake.kernel32().FindVolumeClose(search)));
    return answers;
  }

  private List<String> describe(String... call) {
    Pointer handle = open(call[1], call.length > 2 ? Kernel32.WRITE_DAC : Kernel32.READ_CONTROL);
    List<String> answers = new ArrayList<>(List.of(answer(isHandle(handle))));
    if (isHandle(handle) == 0) {
      return answers;
    }
    var descriptor = new PointerByReference();
    if (call.length > 2) {
      int converted =
          fake.advapi32()
              .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                  WideString.of(call[2]), Advapi32.SDDL_REVISION_1, descriptor, null);
      answers.add(answer(converted));
      answers.add(
          answer(
              fake.advapi32()
                  .SetKernelObjectSecurity(
                      handle, Advapi32.DACL_SECURITY_INFORMATION, descriptor.getValue())));
      return answers;
    }
    int all = 7;
    int code =
        fake.advapi32()
            .GetSecurityInfo(
                handle, Advapi32.SE_FILE_OBJECT, all, null, null, null, null, descriptor);
    answers.add(answer(code == 0 ? 1 : 0));
    var text = new PointerByReference();
    int done =
        fake.advapi32()
            .ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor.getValue(), Advapi32.SDDL_REVISION_1, all, text, null);
    boolean whole = WideString.read(text.getValue()).matches("O:.*G:.*D:.*");
    answers.add(answer(whole ? done : 0));
    return answers;
  }

  private List<String> pin(String directory, Memory out) {
    Path file = Path.of(directory, ".keg-pin-1");
    Pointer handle =
        fake.kernel32()
            .CreateFileW(
                WideString.of(file.toString()),
                Kernel32.DELETE,
                Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE,
                null,
                Kernel32.CREATE_NEW,
                Kernel32.FILE_ATTRIBUTE_HIDDEN | Kernel32.FILE_FLAG_DELETE_ON_CLOSE,
                null);
    boolean there = Files.exists(file);
    int length = fake.kernel32().GetFinalPathNameByHandleW(handle, out, SIZE, 0);
    int _ = fake.kernel32().CloseHandle(handle);
    return List.of(
        answer(isHandle(handle)),
        answer(length == WideString.read(out).length() ? 1 : 0)
            + WideString.read(out).replace("/.keg", "\\.keg"),
        "%d 0 ".formatted(there && !Files.exists(file) ? 1 : 2));
  }

  private int make(String directory, String text) {
    var descriptor = new PointerByReference();
    int _ =
        fake.advapi32()
            .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                WideString.of(text), Advapi32.SDDL_REVISION_1, descriptor, null);
    var attributes = new Kernel32.SECURITY_ATTRIBUTES();
    attributes.nLength = attributes.size();
    attributes.lpSecurityDescriptor = descriptor.getValue();
    return fake.kernel32().CreateDirectoryW(WideString.of(directory), attributes);
  }

  private List<String> changed(String file) {
    Pointer handle = open(file, Kernel32.FILE_READ_ATTRIBUTES);
    var information = new Kernel32.FILE_BASIC_INFO();
    int asked =
        fake.kernel32()
            .GetFileInformationByHandleEx(
                handle, Kernel32.FileBasicInfo, information, information.size());
    return List.of(
        answer(isHandle(handle)), answer(information.ChangeTime > EPOCH - 1 ? asked : 0));
  }

  private Pointer open(String file, int access) {
    return fake.kernel32()
        .CreateFileW(
            WideString.of(file.replace('\\', '/')),
            access,
            Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE,
            null,
            Kernel32.OPEN_EXISTING,
            Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT,
            null);
  }

  private static int isHandle(Pointer handle) {
    return Pointer.nativeValue(handle) == Kernel32.INVALID_HANDLE_VALUE ? 0 : 1;
  }

  private List<String> reparse(Memory directory) {
    Pointer handle =
        fake.kernel32()
            .CreateFileW(
                directory,
                Kernel32.GENERIC_WRITE,
                Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE,
                null,
                Kernel32.OPEN_EXISTING,
                Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT,
                null);
    int opened = isHandle(handle);
    int size = WinIoCtl.MAXIMUM_REPARSE_DATA_BUFFER_SIZE;
    int asked =
        fake.kernel32()
            .DeviceIoControl(
                handle,
                WinIoCtl.FSCTL_GET_REPARSE_POINT,
                null,
                0,
                new Memory(size),
                size,
                new IntByReference(),
                null);
    return List.of(answer(opened), answer(asked));
  }

  private String answer(int result) {
    return "%d %d ".formatted(result, result == 0 ? fake.lastError() : 0);
  }
}
