package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Structure;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.BindLink;
import dev.keg.windows.win32.dll.ComputeCore;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.GUID;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.NtDll;
import dev.keg.windows.win32.dll.Ole32;
import dev.keg.windows.win32.dll.OleAut32;
import dev.keg.windows.win32.dll.VirtDisk;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JNA reads the mappings by reflection; a native image needs an entry for each. */
final class NativeImageMetadataTest {
  private static final String FILE =
      "/META-INF/native-image/dev.keg/keg-platform-windows/reachability-metadata.json";

  static Stream<Class<?>> mappings() {
    List<Class<?>> holders =
        List.of(
            Advapi32.class,
            BindLink.class,
            ComputeCore.class,
            Fmifs.class,
            GUID.class,
            Kernel32.class,
            Netapi32.class,
            NtDll.class,
            Ole32.class,
            OleAut32.class,
            VirtDisk.class,
            WinIoCtl.class);
    return Stream.concat(
            holders.stream(),
            holders.stream().flatMap(holder -> Arrays.stream(holder.getDeclaredClasses())))
        .filter(
            type ->
                Library.class.isAssignableFrom(type)
                    || Structure.class.isAssignableFrom(type)
                    || Callback.class.isAssignableFrom(type));
  }

  @ParameterizedTest
  @MethodSource("mappings")
  void it_lists_every_mapping(Class<?> mapping) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(FILE))) {
      String metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(metadata).contains("{\"type\": \"" + mapping.getName() + "\"");
      if (Library.class.isAssignableFrom(mapping)) {
        assertThat(metadata).contains("{\"proxy\": [\"" + mapping.getName() + "\"]}");
      }
    }
  }
}
