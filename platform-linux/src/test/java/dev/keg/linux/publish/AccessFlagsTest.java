package dev.keg.linux.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Propagation;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.MountPropagation;
import dev.keg.linux.mount.Submounts;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFlagsTest {
  @Test
  void restrictions_become_flags() {
    Access access =
        Access.DEFAULT
            .withReadOnly(true)
            .with(Set.of(Access.Restriction.NOSUID, Access.Restriction.NOEXEC));

    assertThat(AccessFlags.flags(access))
        .containsExactlyInAnyOrder(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NOEXEC);
    assertThat(AccessFlags.flags(Access.DEFAULT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PRIVATE, PRIVATE, false",
    "RPRIVATE, PRIVATE, true",
    "SHARED, SHARED, false",
    "RSHARED, SHARED, true",
    "SLAVE, SLAVE, false",
    "RSLAVE, SLAVE, true"
  })
  void propagation_is_recursive_where_it_begins_with_r(
      Access.Propagation asked, Propagation propagation, boolean recursive) {
    assertThat(AccessFlags.propagation(Access.DEFAULT.with(asked)))
        .isEqualTo(new MountPropagation(propagation, recursive));
  }

  @ParameterizedTest
  @CsvSource({
    "ENABLED, FLAGGED_IF_POSSIBLE",
    "DISABLED, LEFT_OUT",
    "WRITABLE, UNCHANGED",
    "READONLY, FLAGGED"
  })
  void recursion_says_what_becomes_of_submounts(Access.Recursion asked, Submounts submounts) {
    assertThat(AccessFlags.submounts(Access.DEFAULT.with(asked))).isEqualTo(submounts);
  }

  @Test
  void words_of_a_tmpfs_are_divided_into_flags_and_options() {
    FileSystemMount mount =
        AccessFlags.memory(
            new MountContent.Memory(
                List.of("size=1m", "noexec", "exec", "nosuid", "ro", "rw", "noswap", "defaults")),
            Access.DEFAULT);

    assertThat(mount.flags()).containsExactly(MountFlag.NOSUID);
    assertThat(mount.options())
        .containsExactly(FileSystemOption.of("size", "1m"), FileSystemOption.flag("noswap"));
    assertThat(mount.propagation()).isEqualTo(new MountPropagation(Propagation.PRIVATE, true));
  }

  @Test
  void a_read_only_access_makes_a_tmpfs_read_only() {
    FileSystemMount mount =
        AccessFlags.memory(
            new MountContent.Memory(List.of("rw")), Access.DEFAULT.withReadOnly(true));

    assertThat(mount.flags()).containsExactly(MountFlag.READ_ONLY);
  }
}
