/** Where Kubernetes puts the token of a pod's own service account, its authority (`ca.crt`) and its namespace beside it. */
export const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
