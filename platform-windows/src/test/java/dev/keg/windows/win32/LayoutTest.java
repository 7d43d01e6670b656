package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Structure;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.GUID;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.NtDll;
import dev.keg.windows.win32.dll.VirtDisk;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the structures with the layout of the Windows SDK; it is the same on Linux on x86-64.
 */
final class LayoutTest {
  private static final List<Class<?>> HOLDERS =
      List.of(
          Advapi32.class,
          NtDll.class,
          VirtDisk.class,
          WinIoCtl.class,
          Netapi32.class,
          Kernel32.class);

  static List<String> table() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(LayoutTest.class.getResourceAsStream("layout.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void it_is_laid_out_as_in_the_sdk(String line) throws ReflectiveOperationException {
    String[] words = line.split(" ", -1);
    String[] path = words[0].split("\\.", -1);
    Structure structure = structure(path[0]);

    int actual = path.length == 1 ? structure.size() : offset(structure, path, 1);

    assertThat(actual).as(words[0]).isEqualTo(Integer.parseInt(words[1]));
  }

  @Test
  void every_structure_is_in_the_table() throws IOException {
    List<String> listed = table().stream().map(line -> line.split("[ .]", 2)[0]).toList();

    assertThat(structures().map(Class::getSimpleName))
        .filteredOn(name -> name.contains("_") && !name.endsWith("_GPT"))
        .isSubsetOf(listed);
  }

  private static int offset(Structure in, String[] path, int step)
      throws ReflectiveOperationException {
    Method fieldOffset = Structure.class.getDeclaredMethod("fieldOffset", String.class);
    fieldOffset.setAccessible(true);
    int own = (int) fieldOffset.invoke(in, path[step]);
    if (step == path.length - 1) {
      return own;
    }
    Field member = in.getClass().getField(path[step]);
    return own + offset((Structure) member.get(in), path, step + 1);
  }

  private static Structure structure(String name) throws ReflectiveOperationException {
    Class<?> type =
        structures().filter(c -> c.getSimpleName().equals(name)).findFirst().orElseThrow();
    return (Structure) type.getDeclaredConstructor().newInstance();
  }

  private static Stream<Class<?>> structures() {
    return Stream.concat(
            Stream.of(GUID.class),
            HOLDERS.stream().flatMap(holder -> Arrays.stream(holder.getDeclaredClasses())))
        .filter(Structure.class::isAssignableFrom);
  }
}
