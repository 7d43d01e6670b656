package dev.keg.cli.info;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {
  @ParameterizedTest
  @CsvSource({
    "KEG_ROOT, /srv/keg, /srv/keg",
    "AWS_REGION, eu-central-1, eu-central-1",
    "KEG_REPOSITORY, s3://bucket/prefix?region=eu, s3://bucket/prefix?region=eu",
    "KEG_REPOSITORY, ssh://anna@host:22/dir, ssh://anna@host:22/dir",
    "KEG_REPOSITORY, https://anna:hush@host/dir, https://anna:********@host/dir",
    "KEG_REPOSITORY, https://anna:a/b@c@host/dir, https://anna:********@host/dir",
    "KEG_REPOSITORY, s3://b?secretKey=hush&region=eu, s3://b?secretKey=********&region=eu",
    "AWS_ENDPOINT_URL, https://:hush@host, https://:********@host",
    "AWS_ACCESS_KEY_ID, AKIA, ********",
    "AWS_SECRET_ACCESS_KEY, hush, ********",
    "AWS_SESSION_TOKEN, hush, ********",
    "KEG_PASS, hush, ********",
  })
  void what_may_be_a_secret_is_masked(String name, String value, String shown) {
    assertThat(Variables.of(Map.of(name, value))).containsExactly(Map.entry(name, shown));
  }

  @ParameterizedTest
  @CsvSource({"DATABASE_URL", "MY_KEG_ROOT", "GITHUB_TOKEN"})
  void what_keg_does_not_read_is_not_there(String name) {
    assertThat(Variables.of(Map.of(name, "hush"))).isEmpty();
  }
}
