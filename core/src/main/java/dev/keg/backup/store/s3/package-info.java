/**
 * A repository's objects in a bucket of any store that speaks S3: requests with signature version 4
 * over the JDK's HTTP client, and large objects in parts that are retried one by one. Depends on
 * {@code store} and the JDK; credentials come from where the AWS tools look for them. No message
 * contains a secret.
 */
@NullMarked
package dev.keg.backup.store.s3;

import org.jspecify.annotations.NullMarked;
