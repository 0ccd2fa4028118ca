/**
 * A certificate for `localhost` and `127.0.0.1` that signs itself, and its key, which is public and so
 * protects nothing: for servers on the loopback interface only.
 */
export const testCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUeypsPMkdxcbybxqCh1o4A+XCLq8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTAyNDAyMloYDzIxMjYxMTAx
MDI0MDIyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQu9rA48oqNGbDySK3lqhfvEIaTeMWGmRxifRFhG4n9cD35EHJKca3d
Q9q/Rxaxyu7maUFqTbI+CnDoJu4FCc2vo28wbTAdBgNVHQ4EFgQUFXd2Inxj/erV
PWt2elArVcML0iIwHwYDVR0jBBgwFoAUFXd2Inxj/erVPWt2elArVcML0iIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAMYc0TCUcqUu+1F50SZE3KZUV0aS0Koet3eLo2+Xq6aVAiEA
gPb17liNRkS+BEVkj4eq2Mc3xXAXBnuM1vbR0KkuAy8=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMjyLLV1FuYxt3X8w
ArO2y3z2c/p5ttB0ryypvIpNIOahRANCAAQu9rA48oqNGbDySK3lqhfvEIaTeMWG
mRxifRFhG4n9cD35EHJKca3dQ9q/Rxaxyu7maUFqTbI+CnDoJu4FCc2v
-----END PRIVATE KEY-----
`,
} as const;
