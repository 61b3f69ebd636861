// SPDX-License-Identifier: Apache-2.0
// What makes a loadable module of ldap: tables.
#include "lib/table/modules/ldap.h"

TABLE_MODULE(posthouse_ldap, table::LdapModule)
