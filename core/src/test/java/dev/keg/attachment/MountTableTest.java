package dev.keg.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.MountTable.Reach;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  @Test
  void a_system_without_mounts_says_so() {
    NoMounts none = new NoMounts();
    Path root = files.getPath("/");

    assertThat(none.mounts()).isEmpty();
    assertThat(none.isMounted("/")).isFalse();
    assertThat(none.processWith(root)).isEmpty();
    assertThat(none.identity(root)).isEmpty();
    assertThat(none.mountsOutside(root, Reach.EVERYWHERE)).isEmpty();
    assertThat(none.hasEnded("dockerd 1")).isFalse();
    assertThat(none.bootId() + none.hostId()).isEmpty();
    assertThat(none.hostName()).isEqualTo("localhost");
  }

  @Test
  void a_member_of_a_shared_registry_sees_the_same_under_its_own_name() {
    FakeMountTable host = new FakeMountTable(files::getPath);
    MountTable member = new MemberMounts(host, "member-id", "member").now();
    Path site = files.getPath("/srv");
    host.bind("/keg", "/srv");
    host.bind("/keg", "/moved");
    host.moveUnseen("/moved", 7);
    host.end("dockerd 1");

    assertThat(member.hostId()).isEqualTo("member-id");
    assertThat(member.hostName()).isEqualTo("member");
    assertThat(member.bootId()).isEqualTo(host.bootId());
    assertThat(member.mounts()).isEqualTo(host.mounts()).hasSize(1);
    assertThat(member.isMounted("/srv")).isTrue();
    assertThat(member.isMounted("/moved")).isFalse();
    assertThat(member.identity(site)).isPresent();
    assertThat(member.find(member.identity(site).orElseThrow(), site)).contains(site);
    assertThat(member.mountsOutside(files.getPath("/keg"), Reach.HERE)).hasSize(1);
    assertThat(member.hasEnded("dockerd 1")).isTrue();
    assertThat(member.hasEnded("dockerd 2")).isFalse();
    assertThat(member.processWith(files.getPath("/moved"))).isEmpty();
    member.refresh();
    assertThat(member.processWith(files.getPath("/moved"))).contains(7L);
  }
}
