package dev.keg.backup.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "localhost/db, localhost, db, latest",
    "localhost:5000/db:1, localhost:5000, db, 1",
    "registry.example.com/team/db:v1.2, registry.example.com, team/db, v1.2",
    "docker.io/db, docker.io, library/db, latest",
    "docker.io/me/db, docker.io, me/db, latest",
    "[::1]:5000/a/b-c__d.e:T_1, [::1]:5000, a/b-c__d.e, T_1",
  })
  void a_reference_names_registry_repository_and_tag(
      String text, String host, String repository, String tag) {
    ImageReference image = ImageReference.parse(text);

    assertThat(image.host()).isEqualTo(host);
    assertThat(image.repository()).isEqualTo(repository);
    assertThat(image.tag()).isEqualTo(tag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db",
        "team/db",
        "localhost",
        "localhost/",
        "localhost/DB",
        "localhost/db:",
        "localhost/db@sha256:12",
        "localhost/../db",
        "localhost/a//b",
        "user:pass@localhost/db",
        "localhost/db?x=1",
        "https://localhost/db",
        "-a.b/db",
        "a.b/db:-x",
        "a.b/db\n",
      })
  void what_is_not_a_reference_is_refused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text)).isInstanceOf(InvalidImage.class);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost/db, true",
    "localhost:5000/db, true",
    "127.0.0.1:5000/db, true",
    "[::1]:5000/db, true",
    "127.0.0.1.example.com/db, false",
    "localhost.example.com/db, false",
    "10.0.0.1:5000/db, false",
  })
  void only_this_machine_is_local(String text, boolean local) {
    assertThat(ImageReference.parse(text).isLocal()).isEqualTo(local);
  }
}
