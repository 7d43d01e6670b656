package dev.keg.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.platform.SystemInfo.Program;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxInfoTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\",Debian GNU/Linux 13 (trixie)",
        "PRETTY_NAME='Alpine Linux v3.22',Alpine Linux v3.22",
        "PRETTY_NAME=Void,Void",
        "NAME=\"Other\",||",
      })
  void the_release_is_its_name_for_people(String line, String name) {
    assertThat(LinuxInfo.release("ID=x\n" + line + "\nVERSION=1\n")).isEqualTo(name);
  }

  @Test
  void file_systems_are_those_with_and_without_a_disk() {
    assertThat(LinuxInfo.fileSystems("nodev\ttmpfs\n\text4\nnodev\toverlay\n\n"))
        .containsExactly("ext4", "overlay", "tmpfs");
  }

  @Test
  void this_machine_is_described() {
    var info = LinuxInfo.read(Map.of("PATH", "/nowhere"));

    assertThat(info.kernel()).startsWith("Linux ");
    assertThat(info.fileSystems().orElseThrow()).contains("tmpfs", "proc");
    assertThat(info.programs())
        .extracting(Program::name)
        .contains("mkfs.ext4", "qemu-img")
        .isSorted();
    assertThat(info.programs())
        .filteredOn(program -> program.name().equals("mkfs.xfs"))
        .extracting(Program::source)
        .containsExactly("xfsprogs");
  }
}
